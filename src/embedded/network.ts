import { table } from '../util/table.ts'
import { createInflate, type Inflate } from './compression.ts'

/**
 * The lab's stand-in for Docker's DNS: a service name and a container port become a loopback address.
 * Everything listens on 127.0.0.1 only. Ports that compose.yaml publishes keep their number (plus the
 * lab's port offset); the others (Tempo's 4317, say) take a free port, so that they cannot collide.
 */
export interface Network {
  /** The names by which an HTTP door may be called, besides loopback's: the lab's own, and what the learner named. */
  readonly hosts: readonly string[]
  /** Undoes what is sent compressed, for all services together: see `createInflate`. */
  readonly inflate: Inflate
  /** The port on which `service` should bind what it calls `port`; 0 means any free one. */
  bindPort(service: string, port: number): number
  /** Says where `service`'s `port` really listens, so that others can find it. */
  register(service: string, port: number, actual: number): void
  unregister(service: string, port: number): void
  /**
   * Resolves a config's `host:port`. A lab service that listens gives its address; a lab service that does
   * not gives undefined (the dial fails with "connection refused", as in Docker); any other host is returned
   * as it is, for real DNS. `localhost`, `127.0.0.1` and `0.0.0.0` mean the service `from` itself first.
   */
  resolve(from: string, host: string, port: number): { host: string; port: number } | undefined
}

/** Which container ports compose.yaml publishes. The collector publishes whatever it listens on. */
const PUBLISHED: Record<string, readonly number[] | 'all'> = table({
  'otel-collector': 'all',
  tempo: [3200],
  prometheus: [9090],
  loki: [3100],
  grafana: [3000],
})

/** Compose also answers to a container's own names. */
const ALIASES: Record<string, string> = table({ otelcol: 'otel-collector', collector: 'otel-collector' })

/** As much as three of the largest bodies that a door takes. */
const INFLATE_BYTES = 64 << 20

const ITSELF = new Set(['localhost', '127.0.0.1', '0.0.0.0', '::1', '[::1]', '::', '[::]', ''])

export function createNetwork(options: { portOffset: number; hosts?: readonly string[] }): Network {
  const listening = new Map<string, number>()
  const key = (service: string, port: number) => `${service}:${port}`
  return {
    hosts: [...Object.keys(PUBLISHED), ...Object.keys(ALIASES), ...(options.hosts ?? [])],
    inflate: createInflate(INFLATE_BYTES),
    bindPort(service, port) {
      const published = PUBLISHED[service]
      const keeps = published === 'all' || published?.includes(port)
      return keeps && port !== 0 ? port + options.portOffset : 0
    },
    register(service, port, actual) {
      listening.set(key(service, port), actual)
    },
    unregister(service, port) {
      listening.delete(key(service, port))
    },
    resolve(from, host, port) {
      const name = ITSELF.has(host) ? from : (ALIASES[host] ?? host)
      const actual = listening.get(key(name, port))
      if (actual !== undefined) return { host: '127.0.0.1', port: actual }
      if (name in PUBLISHED && !ITSELF.has(host)) return undefined
      return { host: ITSELF.has(host) ? '127.0.0.1' : host, port }
    },
  }
}
