import { resolveConfig } from '../../collector-config.ts'
import { type Endpoints, PORTS } from '../../engine.ts'

const DOORS = {
  otlpGrpc: { protocol: 'grpc', port: PORTS.otlpGrpc },
  otlpHttp: { protocol: 'http', port: PORTS.otlpHttp },
} as const

/**
 * Without the OTLP doors that the collector's config does not open: the daemon publishes a port whether or not anybody
 * listens behind it, and takes connections for nobody. A config that is not ours to read tells nothing.
 */
export function withoutShutDoors(endpoints: Endpoints, configText: string | undefined): Endpoints {
  const { config } = configText === undefined ? { config: undefined } : resolveConfig(configText, process.env)
  const receivers = [...(config?.receivers.values() ?? [])].filter(({ type }) => type === 'otlp')
  if (receivers.length === 0) return endpoints
  const open = receivers.flatMap(({ settings }) =>
    Object.entries((settings as { protocols?: Record<string, { endpoint?: string } | undefined> }).protocols ?? {}),
  )
  const rest = { ...endpoints }
  for (const [door, { protocol, port }] of Object.entries(DOORS) as [
    keyof typeof DOORS,
    (typeof DOORS)['otlpGrpc'],
  ][]) {
    const isOpen = open.some(([name, server]) => name === protocol && server?.endpoint?.endsWith(`:${port}`))
    if (!isOpen) delete rest[door]
  }
  return rest
}
