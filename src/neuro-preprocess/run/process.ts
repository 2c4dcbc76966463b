import { ScanFault } from '../fault.ts'
import { startImaging } from '../imaging/thread.ts'
import { createLog, type LogSink } from '../log.ts'
import { makeFolder } from '../nifti/write.ts'
import type { Env } from '../telemetry/settings.ts'
import { startTelemetry } from '../telemetry.ts'
import { type FileResult, processFile, type Step } from './process-file.ts'
import { createSpans } from './span.ts'

export interface ProcessOptions {
  inputs: readonly string[]
  outputs: readonly string[]
  outputDir: string
  fwhm: number
  /** Of scans with several, counted from 0. */
  volume: number
  slow: ReadonlyMap<Step, number>
  warnMegabytes: number
}

export interface ProcessHost {
  env: Env
  version: string
  workerFile: URL
  /** Aborted with a ScanFault `interrupted`. */
  signal: AbortSignal
  /** Gets every log line. */
  sink: LogSink
  onProgress: (progress: { done: number; total: number; file: string; step: Step | undefined }) => void
  onFile: (result: FileResult) => void
}

/** How long the last of the telemetry may take; less when somebody waits for the prompt. */
const FLUSH_MS = 10_000
const FLUSH_INTERRUPTED_MS = 3_000

/** Processes scans one after another; telemetry is flushed however it ends. */
export async function processScans(options: ProcessOptions, host: ProcessHost): Promise<FileResult[]> {
  const { env, version, signal, sink, onProgress, onFile } = host
  const { inputs, outputs } = options
  const now = () => performance.timeOrigin + performance.now()
  // Up while the SDK loads.
  let imaging = startImaging(host.workerFile)
  const telemetry = await startTelemetry({ env, version, now, log: createLog([sink], now) })
  const log = createLog([sink, telemetry.sink], now)
  const spans = createSpans(telemetry.tracer)
  const stop = () => void imaging.stop(signal.reason as Error)
  signal.addEventListener('abort', stop)
  const results: FileResult[] = []
  try {
    await makeFolder(options.outputDir).catch((error: Error) => {
      if (error instanceof ScanFault) {
        log('ERROR', 'Nothing can be processed', { error_type: error.code, reason: error.message, hint: error.hint })
      }
      throw error
    })
    for (const [done, input] of inputs.entries()) {
      if (signal.aborted) break
      const progress = (step?: Step) => onProgress({ done, total: inputs.length, file: input, step })
      progress()
      const result = await processFile(
        { ...options, input, output: outputs[done]!, version },
        {
          spans,
          measures: telemetry.measures,
          log,
          imaging,
          parent: telemetry.parent,
          signal,
          clock: () => performance.now(),
          onStep: progress,
        },
      )
      results.push(result)
      onFile(result)
      // A thread that died of one scan is replaced for the next.
      if (imaging.dead && !signal.aborted) imaging = startImaging(host.workerFile)
    }
  } finally {
    signal.removeEventListener('abort', stop)
    await Promise.all([
      imaging.stop(new ScanFault('interrupted', 'the run is over', '')),
      telemetry.shutdown(signal.aborted ? FLUSH_INTERRUPTED_MS : FLUSH_MS),
    ])
  }
  return results
}
