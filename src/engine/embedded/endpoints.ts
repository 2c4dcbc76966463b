import { type Endpoint, type Endpoints, PORTS } from '../../engine.ts'
import type { SeatStatus } from './control.ts'

/** Where each service listens; one that is down is given the address at which it would. */
export function endpointsOf(seats: readonly SeatStatus[], portOffset: number): Endpoints {
  const at = (port: number): Endpoint => ({ url: `http://127.0.0.1:${port}` })
  const ports = (name: string) => seats.find((seat) => seat.name === name)?.ports ?? {}
  const collector = ports('otel-collector')
  const endpoints: Endpoints = {
    tempo: at(ports('tempo').http ?? PORTS.tempo + portOffset),
    prometheus: at(ports('prometheus').http ?? PORTS.prometheus + portOffset),
    loki: at(ports('loki').http ?? PORTS.loki + portOffset),
  }
  const doors = {
    otlpGrpc: collector['otlp-grpc'],
    otlpHttp: collector['otlp-http'],
    collectorMetrics: collector.prometheus,
    collectorTelemetry: collector.telemetry,
    collectorHealth: collector.health_check,
  }
  for (const [key, port] of Object.entries(doors)) {
    if (port !== undefined) endpoints[key as keyof typeof doors] = at(port)
  }
  return endpoints
}
