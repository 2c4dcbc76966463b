import { type Context, context, DiagLogLevel, diag, propagation, ROOT_CONTEXT, trace } from '@opentelemetry/api'
import type { Logger } from '@opentelemetry/api-logs'
import { BatchLogRecordProcessor, ConsoleLogRecordExporter, LoggerProvider } from '@opentelemetry/sdk-logs'
import { ConsoleMetricExporter, MeterProvider, PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics'
import { BatchSpanProcessor, ConsoleSpanExporter, NodeTracerProvider } from '@opentelemetry/sdk-trace-node'
import { Delivery } from './delivery.ts'
import { type ExemplarFilter, ExemplarReservoir } from './exemplars.ts'
import { logExporter, metricExporter, traceExporter } from './exporters.ts'
import { createMeasures, type Measures } from './measures.ts'
import { programResource } from './resource.ts'
import { type Env, exporterKinds, numberSetting, protocolOf, type Signal, setting } from './settings.ts'

export interface Sdk {
  measures: Measures
  logger: Logger
  /** Where a traceparent in the environment says that this run belongs. */
  parent: Context
  /** Sends what is left and closes all, in no more time than given. */
  shutdown(limitMs: number): Promise<void>
}

export interface SdkOptions {
  env: Env
  version: string
  now: () => number
  /** Told at most once. */
  onUndelivered: (problem: { endpoint: string; reason: string }) => void
  /** A setting that cannot be followed. */
  warn: (message: string) => void
}

/** The three signals of the OpenTelemetry SDK, set up from the standard OTEL_* variables. */
export function startSdk(options: SdkOptions): Sdk {
  const { env, version, now, onUndelivered, warn } = options
  // The SDK tells of bad settings through diag, and of every failed export too; we tell of that once.
  diag.setLogger(
    { error: warn, warn, info: warn, debug: warn, verbose: warn },
    { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true },
  )
  const scope = { name: 'neuro-preprocess', version }
  const resource = programResource(version)
  const delivery = new Delivery(onUndelivered)
  const exemplars = new ExemplarReservoir(exemplarFilter(env, warn), now)
  const kinds = (signal: Signal) => exporterKinds(env, signal, warn)
  const where = (signal: Signal) => ({ env, signal, protocol: protocolOf(env, signal, warn) })

  const tracerProvider = new NodeTracerProvider({
    resource,
    spanProcessors: kinds('TRACES').map((kind) => {
      const at = where('TRACES')
      return new BatchSpanProcessor(
        kind === 'console' ? new ConsoleSpanExporter() : delivery.watch(traceExporter(env, at.protocol), at),
      )
    }),
  })
  tracerProvider.register()

  const interval = numberSetting(env, 'OTEL_METRIC_EXPORT_INTERVAL') ?? 60_000
  const timeout = numberSetting(env, 'OTEL_METRIC_EXPORT_TIMEOUT') ?? 30_000
  const meterProvider = new MeterProvider({
    resource,
    readers: kinds('METRICS').map((kind) => {
      const at = where('METRICS')
      return new PeriodicExportingMetricReader({
        exporter:
          kind === 'console'
            ? new ConsoleMetricExporter()
            : delivery.watch(metricExporter(env, at.protocol, exemplars), at),
        exportIntervalMillis: interval,
        exportTimeoutMillis: Math.min(interval, timeout),
      })
    }),
  })

  const attributeCountLimit = limit(env, 'COUNT_LIMIT')
  const attributeValueLengthLimit = limit(env, 'VALUE_LENGTH_LIMIT')
  const loggerProvider = new LoggerProvider({
    resource,
    logRecordLimits: {
      ...(attributeCountLimit ? { attributeCountLimit } : {}),
      ...(attributeValueLengthLimit ? { attributeValueLengthLimit } : {}),
    },
    processors: kinds('LOGS').map((kind) => {
      const at = where('LOGS')
      return new BatchLogRecordProcessor({
        exporter:
          kind === 'console' ? new ConsoleLogRecordExporter() : delivery.watch(logExporter(env, at.protocol), at),
        ...batching(env),
      })
    }),
  })

  const sdk: Sdk = {
    measures: createMeasures(meterProvider.getMeter(scope.name, scope.version), exemplars),
    logger: loggerProvider.getLogger(scope.name, scope.version),
    parent: parentFrom(env, warn),
    async shutdown(limitMs) {
      // Nobody there: waiting would only hold up the prompt.
      const limit = (await delivery.anyoneThere()) ? limitMs : Math.min(limitMs, NOBODY_MS)
      const providers = [tracerProvider, meterProvider, loggerProvider]
      await Promise.race([Promise.allSettled(providers.map((p) => p.shutdown())), sleep(limit)])
      delivery.silence()
    },
  }
  diag.disable()
  if (setting(env, 'OTEL_LOG_LEVEL'))
    diag.setLogger({ error: warn, warn, info: warn, debug: warn, verbose: warn }, diagLevel(env))
  return sdk
}

const NOBODY_MS = 300

const sleep = (ms: number) => new Promise((done) => setTimeout(done, ms).unref())

function diagLevel(env: Env): DiagLogLevel {
  const name = setting(env, 'OTEL_LOG_LEVEL')!.toUpperCase()
  return DiagLogLevel[name as keyof typeof DiagLogLevel] ?? DiagLogLevel.INFO
}

function exemplarFilter(env: Env, warn: (message: string) => void): ExemplarFilter {
  const filter = setting(env, 'OTEL_METRICS_EXEMPLAR_FILTER') ?? 'trace_based'
  if (filter === 'trace_based' || filter === 'always_on' || filter === 'always_off') return filter
  warn(`OTEL_METRICS_EXEMPLAR_FILTER=${filter}: it can be trace_based, always_on, always_off; trace_based is used`)
  return 'trace_based'
}

/** The SDK for traces reads its variables by itself, the one for logs does not. */
function batching(env: Env) {
  const given = {
    scheduledDelayMillis: numberSetting(env, 'OTEL_BLRP_SCHEDULE_DELAY'),
    exportTimeoutMillis: numberSetting(env, 'OTEL_BLRP_EXPORT_TIMEOUT'),
    maxQueueSize: numberSetting(env, 'OTEL_BLRP_MAX_QUEUE_SIZE'),
    maxExportBatchSize: numberSetting(env, 'OTEL_BLRP_MAX_EXPORT_BATCH_SIZE'),
  }
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined))
}

const limit = (env: Env, name: string) =>
  numberSetting(env, `OTEL_LOGRECORD_ATTRIBUTE_${name}`) ?? numberSetting(env, `OTEL_ATTRIBUTE_${name}`)

/**
 * A parent from the environment (opentelemetry.io/docs/specs/otel/context/env-carriers): a pipeline that runs this
 * program as one of its steps sets TRACEPARENT.
 */
function parentFrom(env: Env, warn: (message: string) => void): Context {
  const propagators = (setting(env, 'OTEL_PROPAGATORS') ?? 'tracecontext,baggage').split(',').map((name) => name.trim())
  const carrier: Record<string, string> = {}
  for (const name of propagators) {
    if (name === 'tracecontext') Object.assign(carrier, pick(env, ['TRACEPARENT', 'TRACESTATE']))
    else if (name === 'baggage') Object.assign(carrier, pick(env, ['BAGGAGE']))
    else if (name !== 'none') warn(`OTEL_PROPAGATORS=${name}: only tracecontext and baggage are read here`)
  }
  const found = propagation.extract(ROOT_CONTEXT, carrier)
  return trace.getSpanContext(found) ? found : context.active()
}

function pick(env: Env, names: string[]): Record<string, string> {
  return Object.fromEntries(names.filter((name) => env[name]).map((name) => [name.toLowerCase(), env[name]!]))
}
