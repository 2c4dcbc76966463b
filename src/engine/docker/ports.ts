import { type Endpoint, type Endpoints, PORTS, type ServiceName } from '../../engine.ts'
import { publishedPort } from './ready.ts'

/** Each door of the lab: who has it, on which port in the container, and the variable that moves it outside. */
const DOORS = {
  otlpGrpc: { service: 'otel-collector', purpose: 'otlp-grpc', variable: 'OTEL_LAB_PORT_OTLP_GRPC' },
  otlpHttp: { service: 'otel-collector', purpose: 'otlp-http', variable: 'OTEL_LAB_PORT_OTLP_HTTP' },
  collectorMetrics: { service: 'otel-collector', purpose: 'prometheus', variable: 'OTEL_LAB_PORT_COLLECTOR_METRICS' },
  collectorTelemetry: {
    service: 'otel-collector',
    purpose: 'telemetry',
    variable: 'OTEL_LAB_PORT_COLLECTOR_TELEMETRY',
  },
  collectorHealth: { service: 'otel-collector', purpose: 'health_check', variable: 'OTEL_LAB_PORT_COLLECTOR_HEALTH' },
  tempo: { service: 'tempo', purpose: 'http', variable: 'OTEL_LAB_PORT_TEMPO' },
  prometheus: { service: 'prometheus', purpose: 'http', variable: 'OTEL_LAB_PORT_PROMETHEUS' },
  loki: { service: 'loki', purpose: 'http', variable: 'OTEL_LAB_PORT_LOKI' },
  grafana: { service: 'grafana', purpose: 'http', variable: 'OTEL_LAB_PORT_GRAFANA' },
} as const satisfies Record<keyof Endpoints, { service: ServiceName; purpose: string; variable: string }>

type Door = keyof typeof DOORS

const doors = () => Object.entries(DOORS) as [Door, (typeof DOORS)[Door]][]

/** The variables by which compose.yaml takes its published ports; one that is set by hand stays. */
export function portVariables(offset: number, env: Record<string, string | undefined>): Record<string, string> {
  return Object.fromEntries(
    doors().map(([door, { variable }]) => [variable, env[variable] || String(PORTS[door] + offset)]),
  )
}

/** What the embedded engine calls a port; one that it does not know has its number for a name. */
export function purposeOf(service: ServiceName, port: number): string {
  const door = doors().find(([key, one]) => one.service === service && PORTS[key] === port)
  return door?.[1].purpose ?? String(port)
}

/** Where everything answers, from what the containers really publish. */
export function endpointsOf(
  published: (service: ServiceName) => Parameters<typeof publishedPort>[0] | undefined,
  fallback: number,
  address: string,
): Endpoints {
  const found: Partial<Record<Door, Endpoint>> = {}
  for (const [door, { service }] of doors()) {
    const info = published(service)
    const port = info && publishedPort(info, PORTS[door])
    if (port !== undefined) found[door] = { url: `http://${address}:${port}` }
  }
  const at = (door: Door): Endpoint => found[door] ?? { url: `http://${address}:${PORTS[door] + fallback}` }
  return { ...found, tempo: at('tempo'), prometheus: at('prometheus'), loki: at('loki') }
}
