import { spawn } from 'node:child_process'
import { closeSync, openSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { LabError } from '../../errors.ts'
import { writeError } from '../../util/atomic-write.ts'
import { compiledEnv } from '../../util/compile-cache.ts'
import type { labLayout } from '../../util/lab-layout.ts'
import { distFile } from '../../util/package-root.ts'
import type { RunFile, SeatStatus } from './control.ts'

export interface Launched {
  run: RunFile
  seats: SeatStatus[]
}

/**
 * Starts the background process and waits until each service is up or has said why not. The process outlives
 * us; over the IPC channel it tells how it gets on until then. Throws LabError `lab-died`.
 */
export async function launch(options: {
  root: string
  layout: ReturnType<typeof labLayout>
  portOffset: number
  onSeat: (seat: SeatStatus) => void
  signal?: AbortSignal
}): Promise<Launched> {
  const { root, layout, portOffset, onSeat, signal } = options
  const outPath = join(layout.logs, 'process.log')
  let out: number
  try {
    // Anew each time: it holds only what the process itself says in distress.
    out = openSync(outPath, 'w')
  } catch (error) {
    throw writeError(error, outPath)
  }
  const child = spawn(process.execPath, [...NODE_FLAGS, distFile('embedded'), root, String(portOffset)], {
    cwd: root,
    env: { ...process.env, ...compiledEnv() },
    detached: true,
    stdio: ['ignore', out, out, 'ipc'],
  })
  closeSync(out)
  const seats = new Map<string, SeatStatus>()
  let run: RunFile | undefined
  const abort = () => child.kill('SIGTERM')
  signal?.addEventListener('abort', abort, { once: true })
  try {
    await new Promise<void>((resolve, reject) => {
      child.on('error', reject)
      child.on('message', (message: { control?: RunFile; seat?: SeatStatus; started?: true }) => {
        if (message.control) run = message.control
        if (message.seat) {
          seats.set(message.seat.name, message.seat)
          onSeat(message.seat)
        }
        if (message.started) resolve()
      })
      child.on('exit', (code, by) => reject(died(outPath, code, by)))
    })
    signal?.throwIfAborted()
    if (run === undefined) throw new Error('the process never told its control port')
    return { run, seats: [...seats.values()] }
  } finally {
    signal?.removeEventListener('abort', abort)
    child.removeAllListeners()
    if (child.connected) child.disconnect()
    child.unref()
  }
}

/** Measured on the idle lab: a small young generation and a heap that is given back keep it under 150 MB. */
const NODE_FLAGS = ['--max-semi-space-size=8']

function died(outPath: string, code: number | null, by: NodeJS.Signals | null): LabError {
  const said = readFileSync(outPath, 'utf8').trim().split('\n').slice(-15).join('\n')
  const how = by ? `was ended by ${by}` : `ended with code ${code}`
  return new LabError('lab-died', `the lab's process ${how}${said ? `; it said:\n${said}` : ''}`, {
    hint: `Its log: ${outPath}\nThen: otel-lab doctor`,
  })
}
