export type Env = Record<string, string | undefined>
export type Signal = 'TRACES' | 'METRICS' | 'LOGS'
export type Protocol = 'grpc' | 'http/protobuf' | 'http/json'
export type ExporterKind = 'otlp' | 'console'

/** An empty variable counts as one that is not set (opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables). */
export function setting(env: Env, name: string): string | undefined {
  const value = env[name]?.trim()
  return value === '' ? undefined : value
}

export function numberSetting(env: Env, name: string): number | undefined {
  const value = Number(setting(env, name) ?? Number.NaN)
  return Number.isFinite(value) && value > 0 ? value : undefined
}

export const isDisabled = (env: Env) => setting(env, 'OTEL_SDK_DISABLED')?.toLowerCase() === 'true'

/** OTEL_TRACES_EXPORTER and its like: a list, of which `none` means nothing. */
export function exporterKinds(env: Env, signal: Signal, warn: (message: string) => void): ExporterKind[] {
  const name = `OTEL_${signal}_EXPORTER`
  const kinds = (setting(env, name) ?? 'otlp').split(',').map((kind) => kind.trim())
  return kinds.filter((kind): kind is ExporterKind => {
    if (kind === 'otlp' || kind === 'console') return true
    if (kind !== 'none' && kind !== '') warn(`${name}=${kind}: there is no such exporter here, but otlp, console, none`)
    return false
  })
}

export function protocolOf(env: Env, signal: Signal, warn: (message: string) => void): Protocol {
  const asked =
    setting(env, `OTEL_EXPORTER_OTLP_${signal}_PROTOCOL`) ?? setting(env, 'OTEL_EXPORTER_OTLP_PROTOCOL') ?? 'grpc'
  if (asked === 'grpc' || asked === 'http/protobuf' || asked === 'http/json') return asked
  warn(`OTEL_EXPORTER_OTLP_PROTOCOL=${asked}: OTLP is spoken over grpc, http/protobuf or http/json; grpc is used`)
  return 'grpc'
}

/** Where a signal goes, for messages and to see whether anyone listens. The exporters read the variables themselves. */
export function endpointOf(env: Env, signal: Signal, protocol: Protocol): string {
  return (
    setting(env, `OTEL_EXPORTER_OTLP_${signal}_ENDPOINT`) ??
    setting(env, 'OTEL_EXPORTER_OTLP_ENDPOINT') ??
    `http://127.0.0.1:${protocol === 'grpc' ? 4317 : 4318}`
  )
}

/** Whether the variables name an endpoint; else ours is given, for `localhost` may be ::1, where nobody listens. */
export const hasEndpoint = (env: Env, signal: Signal) =>
  setting(env, `OTEL_EXPORTER_OTLP_${signal}_ENDPOINT`) !== undefined ||
  setting(env, 'OTEL_EXPORTER_OTLP_ENDPOINT') !== undefined

/** How long an export may take with all its attempts. */
export const timeoutOf = (env: Env, signal: Signal) =>
  numberSetting(env, `OTEL_EXPORTER_OTLP_${signal}_TIMEOUT`) ??
  numberSetting(env, 'OTEL_EXPORTER_OTLP_TIMEOUT') ??
  10_000
