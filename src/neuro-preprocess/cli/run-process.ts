import type { ProcessOptions } from '../run/process.ts'
import { processScans } from '../run/process.ts'
import { onInterrupt } from './interrupt.ts'
import { createTerminal } from './terminal.ts'

export interface Streams {
  out: NodeJS.WriteStream
  err: NodeJS.WriteStream
  env: Record<string, string | undefined>
}

/** `process`, from parsed options to exit code. */
export async function runProcess(
  options: ProcessOptions,
  about: {
    json: boolean
    logFormat: 'json' | 'text' | 'auto'
    version: string
    workerFile: URL
    end(code: number): void
  },
  { out, err, env }: Streams,
): Promise<number> {
  const interrupt = onInterrupt(about.end)
  const terminal = createTerminal({
    write: (text) => err.write(text),
    isTerminal: err.isTTY === true && env.TERM !== 'dumb',
    columns: err.columns ?? 80,
    colour: err.isTTY === true && !env.NO_COLOR && env.TERM !== 'dumb',
    format: about.logFormat,
  })
  const start = performance.now()
  const files = await processScans(options, {
    env,
    version: about.version,
    workerFile: about.workerFile,
    signal: interrupt.signal,
    sink: terminal.sink,
    onProgress: terminal.progress,
    onFile: terminal.file,
  }).finally(() => terminal.end())
  interrupt.release()
  const duration = Math.round(performance.now() - start) / 1000
  const count = (status: string) => files.filter((file) => file.status === status).length
  const [processed, failed, total] = [count('success'), count('failed'), options.inputs.length]
  const code = interrupt.exitCode() ?? (failed > 0 ? 1 : 0)
  if (about.json) {
    const summary = { processed, failed, not_processed: total - processed - failed, duration, exit_code: code, files }
    out.write(`${JSON.stringify(summary, undefined, 2)}\n`)
  } else {
    const rest = [failed > 0 ? `${failed} failed` : '', interrupt.exitCode() ? 'interrupted' : ''].filter(Boolean)
    const note = rest.length > 0 ? `; ${rest.join(', ')}` : ''
    out.write(`${processed} of ${total} scans processed into ${options.outputDir} in ${duration.toFixed(2)} s${note}\n`)
  }
  return code
}
