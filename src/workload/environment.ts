export interface OtlpDoors {
  otlpGrpc?: { url: string; headers?: Record<string, string> }
  otlpHttp?: { url: string; headers?: Record<string, string> }
}

type Env = Record<string, string | undefined>

/** The lab's own program shows its telemetry soon; a learner's keeps the SDK's defaults. */
export const SHORT_DELAYS = {
  OTEL_BSP_SCHEDULE_DELAY: '200',
  OTEL_BLRP_SCHEDULE_DELAY: '200',
  OTEL_METRIC_EXPORT_INTERVAL: '1000',
}

/**
 * The environment by which any OpenTelemetry SDK finds the lab's collector and marks what it sends with the
 * run. What the user set stays, except the attributes by which the run is found again.
 * `relay` is an address that takes OTLP over gRPC and over HTTP alike.
 */
export function workloadEnv(options: {
  env: Env
  doors: OtlpDoors
  runId: string
  ownProgram: boolean
  relay?: string
}): Env {
  const { env, doors, runId, ownProgram, relay } = options
  const protocol = env.OTEL_EXPORTER_OTLP_PROTOCOL
  const door = protocol?.startsWith('http/') ? doors.otlpHttp : (doors.otlpGrpc ?? doors.otlpHttp)
  const given: Env = {
    OTEL_TRACES_EXPORTER: 'otlp',
    OTEL_METRICS_EXPORTER: 'otlp',
    OTEL_LOGS_EXPORTER: 'otlp',
    ...(ownProgram ? SHORT_DELAYS : {}),
  }
  // A relay takes both kinds, whichever the program was told to speak.
  const url = relay ?? door?.url
  if (url !== undefined) given.OTEL_EXPORTER_OTLP_ENDPOINT = url
  // SDKs differ in their default; gRPC is the lesson's.
  if (protocol === undefined) given.OTEL_EXPORTER_OTLP_PROTOCOL = door === doors.otlpGrpc ? 'grpc' : 'http/protobuf'
  if (door?.headers) given.OTEL_EXPORTER_OTLP_HEADERS = encodePairs(Object.entries(door.headers))
  const merged: Env = { ...given, ...definedOnly(env) }
  merged.OTEL_RESOURCE_ATTRIBUTES = withRun(env.OTEL_RESOURCE_ATTRIBUTES ?? '', runId)
  return merged
}

/** OTEL_RESOURCE_ATTRIBUTES is `key1=value1,key2=value2`, percent-encoded (W3C Baggage's octets). */
function withRun(attributes: string, runId: string): string {
  const ours = new Set(['otel_lab.run.id', 'service.instance.id'])
  const theirs = attributes.split(',').filter((pair) => pair.trim() !== '' && !ours.has(pair.split('=')[0]!.trim()))
  return [...theirs, `otel_lab.run.id=${runId}`, `service.instance.id=${runId}`].join(',')
}

const encodePairs = (pairs: [string, string][]) =>
  pairs.map(([key, value]) => `${encodeURIComponent(key)}=${encodeURIComponent(value)}`).join(',')

function definedOnly(env: Env): Env {
  return Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ''))
}
