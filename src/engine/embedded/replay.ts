import { spawn } from 'node:child_process'
import { text } from 'node:stream/consumers'
import type { Engine, Replayed } from '../../engine.ts'
import { EXIT, LabError } from '../../errors.ts'
import { distFile } from '../../util/package-root.ts'

const LIMIT_MS = 20_000

/** In a process of its own: what a config does to it, such as filling its memory, touches nothing that runs. */
export const replayInProcess: NonNullable<Engine['replay']> = async (configs, requests) => {
  const child = spawn(process.execPath, ['--max-old-space-size=512', distFile('collector-replay')], {
    stdio: ['pipe', 'pipe', 'pipe'],
    timeout: LIMIT_MS,
  })
  const ended = new Promise<number | null>((resolve, reject) => {
    child.on('error', reject)
    child.on('close', resolve)
  })
  child.stdin.on('error', () => {})
  child.stdin.end(JSON.stringify({ configs, requests }))
  const [out, said, code] = await Promise.all([text(child.stdout), text(child.stderr), ended])
  if (code === 0) return JSON.parse(out) as Replayed[]
  const why = /^\w*Error: (.*)$/m.exec(said)?.[1] ?? (code === null ? 'it took too long' : `exit code ${code}`)
  throw new LabError('config-refused', `the config cannot be tried: ${why}`, {
    hint: 'otel-lab config validate',
    exit: EXIT.failed,
  })
}
