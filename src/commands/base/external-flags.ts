import { Flags } from '@oclif/core'

/** Flag by the endpoint that it tells of. */
const URL_FLAGS = {
  tempo: 'tempo-url',
  prometheus: 'prometheus-url',
  loki: 'loki-url',
  grafana: 'grafana-url',
  otlpGrpc: 'otlp-grpc-url',
  otlpHttp: 'otlp-http-url',
  collectorMetrics: 'collector-metrics-url',
  collectorTelemetry: 'collector-telemetry-url',
  collectorHealth: 'collector-health-url',
} as const

const url = (of: string) =>
  Flags.string({ description: `external engine: ${of}`, helpGroup: 'EXTERNAL', helpValue: 'URL' })

/** Where a stack answers that somebody else runs. */
export const externalFlags = {
  'tempo-url': url('Tempo'),
  'prometheus-url': url('Prometheus'),
  'loki-url': url('Loki'),
  'grafana-url': url('Grafana'),
  'otlp-grpc-url': url('where OTLP is taken by gRPC'),
  'otlp-http-url': url('where OTLP is taken by HTTP'),
  'collector-metrics-url': url("the collector's page for Prometheus"),
  'collector-telemetry-url': url("the collector's own metrics"),
  'collector-health-url': url("the collector's health page"),
  header: Flags.string({
    description:
      "external engine: sent to all, or to one place: 'tempo=Authorization: Basic ${TOKEN}'. ${NAME} is read from the environment each time; anything else is stored in a file that only you can read",
    helpGroup: 'EXTERNAL',
    helpValue: 'NAME: VALUE',
    multiple: true,
    multipleNonGreedy: true,
  }),
}

type Parsed = { [name in (typeof URL_FLAGS)[keyof typeof URL_FLAGS]]?: string | undefined } & {
  header?: string[] | undefined
}

/** Empty when no such flag was given. */
export function externalOptions(flags: Parsed) {
  const urls = Object.fromEntries(
    Object.entries(URL_FLAGS).flatMap(([place, flag]) => (flags[flag] === undefined ? [] : [[place, flags[flag]]])),
  ) as Partial<Record<keyof typeof URL_FLAGS, string>>
  return {
    ...(Object.keys(urls).length > 0 ? { urls } : {}),
    ...(flags.header ? { headers: flags.header } : {}),
  }
}
