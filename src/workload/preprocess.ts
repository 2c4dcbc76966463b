import { spawn } from 'node:child_process'
import { LabError } from '../errors.ts'
import { distFile } from '../util/package-root.ts'

/** Our own neuro-preprocess, as a command line. */
export function preprocessCommand(args: readonly string[]): string[] {
  return [process.execPath, distFile('neuro-preprocess'), ...args]
}

/** Whether a command line is our own program's. */
export function isOwnProgram(command: readonly string[]): boolean {
  return command.slice(0, 2).some((part) => part === distFile('neuro-preprocess'))
}

/** Runs it to its end for its effect on disk, silently. Throws LabError `scans-failed` with what it said. */
export function preprocess(args: readonly string[], options: { signal?: AbortSignal } = {}): Promise<void> {
  const [file, ...rest] = preprocessCommand(args)
  return new Promise((resolve, reject) => {
    const child = spawn(file!, rest, {
      stdio: ['ignore', 'ignore', 'pipe'],
      // Making scans is no part of what the learner observes.
      env: { ...process.env, OTEL_SDK_DISABLED: 'true' },
      ...(options.signal ? { signal: options.signal } : {}),
    })
    let said = ''
    child.stderr.on('data', (chunk: Buffer) => {
      said = (said + chunk.toString('utf8')).slice(-4_000)
    })
    child.on('error', reject)
    child.on('close', (code) => {
      if (code === 0) return resolve()
      reject(
        new LabError('scans-failed', `neuro-preprocess could not make scans: ${said.trim() || `exit code ${code}`}`),
      )
    })
  })
}
