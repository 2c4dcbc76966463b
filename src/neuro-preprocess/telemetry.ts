import { type Context, context, createNoopMeter, ROOT_CONTEXT, type Tracer, trace } from '@opentelemetry/api'
import type { Log, LogSink } from './log.ts'
import { ExemplarReservoir } from './telemetry/exemplars.ts'
import { createMeasures, type Measures } from './telemetry/measures.ts'
import { type Env, isDisabled } from './telemetry/settings.ts'

export interface Telemetry {
  tracer: Tracer
  measures: Measures
  /** Gets each log line as it was written, to send it on. */
  sink: LogSink
  /** What the root spans are children of. */
  parent: Context
  shutdown(limitMs: number): Promise<void>
}

export interface TelemetryOptions {
  env: Env
  version: string
  now: () => number
  /** Writes a line that is not sent on. */
  log: Log
}

/** The program's telemetry; with OTEL_SDK_DISABLED=true all of it does nothing, and nothing of the SDK is loaded. */
export async function startTelemetry({ env, version, now, log }: TelemetryOptions): Promise<Telemetry> {
  const name = 'neuro-preprocess'
  if (isDisabled(env)) {
    return {
      tracer: trace.getTracer(name, version),
      measures: createMeasures(createNoopMeter(), new ExemplarReservoir('always_off', now)),
      sink: () => {},
      parent: context.active(),
      shutdown: async () => {},
    }
  }
  const [{ startSdk }, { otlpSink }] = await Promise.all([
    import('./telemetry/sdk.ts'),
    import('./telemetry/log-sink.ts'),
  ])
  const sdk = startSdk({
    env,
    version,
    now,
    warn: once((message) => log('WARNING', message)),
    onUndelivered: ({ endpoint, reason }) =>
      log(
        'WARNING',
        'Telemetry is not delivered; the work goes on without it',
        { endpoint, reason, hint: 'Start a collector (otel-lab up), or set OTEL_SDK_DISABLED=true' },
        // No matter what was being done when it was seen.
        ROOT_CONTEXT,
      ),
  })
  return {
    tracer: trace.getTracer(name, version),
    measures: sdk.measures,
    sink: otlpSink(sdk.logger),
    parent: sdk.parent,
    shutdown: (limitMs) => sdk.shutdown(limitMs),
  }
}

/** The same setting is read for each of the three signals. */
function once(tell: (message: string) => void): (message: string) => void {
  const told = new Set<string>()
  return (message) => {
    if (!told.has(message)) tell(message)
    told.add(message)
  }
}
