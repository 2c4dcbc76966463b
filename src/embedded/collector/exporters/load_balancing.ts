import type { ResourceOf, ScopeOf, Signal } from '../../../otlp/types.ts'
import { type Build, type Component, type Consumer, ConsumerError, type Payload } from '../component.ts'
import type { Storage } from '../extensions/file_storage.ts'
import { KEYS } from '../load-balancing/keys.ts'
import { createRing } from '../load-balancing/ring.ts'
import { createOtlpGrpc } from './otlp_grpc.ts'

const withPort = (endpoint: string) => (endpoint.includes(':') ? endpoint : `${endpoint}:4317`)

/** Shares what it is given among several backends, so that what belongs together comes to one and the same. */
export function createLoadBalancing(build: Build, signal: Signal): Consumer {
  const { config, logger, telemetry } = build
  const s = config.settings
  const endpoints: string[] = s.resolver.static
    ? [...s.resolver.static.hostnames].sort()
    : [`${s.resolver.dns.hostname}:${s.resolver.dns.port}`]
  const keys = KEYS[signal]
  const keyOf = (keys[s.routing_key] ?? Object.values(keys)[0]!)(s.routing_attributes)
  const ring = createRing(endpoints)
  const backends = new Map(
    [...new Set(endpoints.map(withPort))].map((endpoint) => [endpoint, createOtlpGrpc(inner(build, endpoint), signal)]),
  )
  const resolver = s.resolver.static ? 'static' : 'dns'
  telemetry.gauge('otelcol_loadbalancer_num_backends', { resolver }, () => backends.size)

  /** By endpoint; what has no key is told of and stays here. */
  function shared(data: ResourceOf<unknown>[]): Map<string, ResourceOf<unknown>[]> {
    const ways = new Map<string, ResourceOf<unknown>[]>()
    for (const group of data) {
      for (const scope of group.scopes) {
        const parts = new Map<string, unknown[]>()
        for (const item of scope.items) {
          const key = keyOf(group, scope, item)
          if (key === undefined) continue
          const endpoint = withPort(ring(key))
          parts.set(endpoint, [...(parts.get(endpoint) ?? []), item])
        }
        for (const [endpoint, items] of parts) put(ways, endpoint, group, { ...scope, items })
      }
    }
    return ways
  }

  async function send(endpoint: string, payload: Payload): Promise<void> {
    const outcome = (success: boolean) =>
      telemetry.add('otelcol_loadbalancer_backend_outcome', { endpoint, success: String(success) }, 1)
    try {
      await backends.get(endpoint)!.consume(payload)
      outcome(true)
    } catch (error) {
      outcome(false)
      throw error
    }
  }

  return {
    start: async () => {
      for (const backend of backends.values()) await backend.start?.()
    },
    async consume(payload) {
      const ways = shared(payload.data as ResourceOf<unknown>[])
      if (ways.size === 0) {
        if (payload.data.length === 0) return payload.delivery.release()
        logger.error('failed to export metric', { error: 'unable to get service name from resource metric' })
        throw new ConsumerError('unable to get service name from resource metric', { permanent: true })
      }
      payload.delivery.retain(ways.size - 1)
      const sent = [...ways].map(([endpoint, data]) => send(endpoint, { ...payload, data } as Payload))
      const failed = (await Promise.allSettled(sent)).find((result) => result.status === 'rejected')
      if (failed) throw failed.reason
    },
    async stop() {
      await Promise.all([...backends.values()].map((backend) => backend.stop?.()))
    },
  }
}

function put(
  ways: Map<string, ResourceOf<unknown>[]>,
  endpoint: string,
  group: ResourceOf<unknown>,
  scope: ScopeOf<unknown>,
) {
  const groups = ways.get(endpoint) ?? []
  ways.set(endpoint, groups)
  const last = groups.at(-1)
  if (last?.resource === group.resource) last.scopes.push(scope)
  else groups.push({ ...group, scopes: [scope] })
}

/** The exporter to one backend, with a place of its own to keep a queue. */
function inner(build: Build, endpoint: string): Build {
  const { config } = build
  const extension = (id: string): Component | undefined => {
    const found = build.extension(id)
    if (found === undefined || !('folderFor' in found)) return found
    const storage = found as Storage
    const place = endpoint.replace(/[^\w.-]/g, '_')
    return {
      ...storage,
      folderFor: (kind: string, own: string, of: string) => storage.folderFor(kind, `${own}_${place}`, of),
    } as Storage
  }
  const settings = { ...config.settings.protocol.otlp, endpoint }
  return { ...build, config: { ...config, settings }, logger: build.logger.with({ endpoint }), extension }
}
