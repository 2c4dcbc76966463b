import type { ComponentConfig } from '../../collector-config.ts'
import type { Network } from '../network.ts'
import { portOf } from './listen.ts'

/** What a component's port is for: its type, or which of the OTLP receiver's two doors. */
export function purposeOf({ type, settings }: ComponentConfig, port: number): string {
  if (type !== 'otlp') return type
  return settings.protocols.grpc && portOf(settings.protocols.grpc.endpoint) === port ? 'otlp-grpc' : 'otlp-http'
}

/** The network, noting in `ports` what is bound; a second port for the same purpose has its number in the name. */
export function noting(network: Network, ports: Record<string, number>, purpose: (port: number) => string): Network {
  return {
    ...network,
    register(service, port, actual) {
      network.register(service, port, actual)
      const name = purpose(port)
      ports[ports[name] === undefined ? name : `${name}:${port}`] = actual
    },
  }
}
