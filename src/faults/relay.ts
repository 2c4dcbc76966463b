import { spawn } from 'node:child_process'
import { LabError } from '../errors.ts'
import { distFile } from '../util/package-root.ts'
import type { FaultLab } from './lab.ts'
import { recordPath } from './record.ts'

export interface RelaySettings {
  /** Where a connection is led, on this machine. */
  port: number
  does: 'silent' | 'reset' | 'delay'
  ms: number
}

const START_MS = 5_000

/** A bad line as a process of its own, since a fault outlives the command that put it in. It ends with its record. */
export async function startRelay(lab: FaultLab, id: string, settings: RelaySettings): Promise<number> {
  const child = spawn(
    process.execPath,
    [distFile('fault-relay'), recordPath(lab), id, String(settings.port), settings.does, String(settings.ms)],
    { detached: true, stdio: ['ignore', 'pipe', 'ignore'] },
  )
  try {
    return await new Promise<number>((done, fail) => {
      const late = setTimeout(() => fail(new Error(`no answer in ${START_MS} ms`)), START_MS)
      child.once('error', fail)
      child.once('exit', (code) => fail(new Error(`exit code ${code}`)))
      child.stdout.once('data', (chunk: Buffer) => {
        clearTimeout(late)
        done(Number(chunk.toString('utf8')))
      })
    })
  } catch (error) {
    child.kill('SIGKILL')
    throw new LabError('relay-failed', `the relay did not start: ${(error as Error).message}`, { cause: error })
  } finally {
    child.removeAllListeners()
    child.stdout.destroy()
    child.unref()
  }
}
