import { PORTS, type ServiceName } from '../engine.ts'

/** The page by which each service says itself ready, and the port that it is on in a container. */
export const READY_PAGES: Record<ServiceName, { port: number; path: string }> = {
  // Exists only while the config asks for the health_check extension.
  'otel-collector': { port: PORTS.collectorHealth, path: '/' },
  tempo: { port: PORTS.tempo, path: '/ready' },
  prometheus: { port: PORTS.prometheus, path: '/-/ready' },
  loki: { port: PORTS.loki, path: '/ready' },
  grafana: { port: PORTS.grafana, path: '/api/health' },
}
