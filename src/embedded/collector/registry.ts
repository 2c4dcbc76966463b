import type { CollectorConfig } from '../../collector-config.ts'
import type { Factories } from './component.ts'
import { createSpanMetrics } from './connectors/span_metrics.ts'
import { createDebug } from './exporters/debug.ts'
import { createFile } from './exporters/file.ts'
import { createOtlpGrpc } from './exporters/otlp_grpc.ts'
import { createOtlpHttp } from './exporters/otlp_http.ts'
import { createPrometheus } from './exporters/prometheus.ts'
import { createHealthCheck } from './extensions/health_check.ts'
import { createZpages } from './extensions/zpages.ts'
import { createAttributes } from './processors/attributes.ts'
import { createBatch } from './processors/batch.ts'
import { createFilter } from './processors/filter.ts'
import { createMemoryLimiter } from './processors/memory_limiter.ts'
import { createResource } from './processors/resource.ts'
import { createOtlp } from './receivers/otlp.ts'

/** What nearly every config has, by its type in the YAML. */
const AT_ONCE: Factories = {
  receivers: { otlp: createOtlp },
  processors: {
    attributes: createAttributes,
    batch: createBatch,
    filter: createFilter,
    memory_limiter: createMemoryLimiter,
    resource: createResource,
  },
  exporters: {
    debug: createDebug,
    file: createFile,
    otlp_grpc: createOtlpGrpc,
    otlp_http: createOtlpHttp,
    prometheus: createPrometheus,
  },
  connectors: { span_metrics: createSpanMetrics },
  extensions: { health_check: createHealthCheck, zpages: createZpages },
}

type Later = { [K in keyof Factories]: Record<string, () => Promise<Factories[K][string]>> }

/** What is loaded when a config names it. */
const LATER: Later = {
  receivers: {
    file_log: async () => (await import('./receivers/file_log.ts')).createFileLog,
  },
  processors: {
    probabilistic_sampler: async () =>
      (await import('./processors/probabilistic_sampler.ts')).createProbabilisticSampler,
    redaction: async () => (await import('./processors/redaction.ts')).createRedaction,
    tail_sampling: async () => (await import('./processors/tail_sampling.ts')).createTailSampling,
    transform: async () => (await import('./processors/transform.ts')).createTransform,
  },
  exporters: {
    load_balancing: async () => (await import('./exporters/load_balancing.ts')).createLoadBalancing,
  },
  connectors: {
    count: async () => (await import('./connectors/count.ts')).createCount,
    forward: async () => (await import('./connectors/forward.ts')).createForward,
    routing: async () => (await import('./connectors/routing.ts')).createRouting,
  },
  extensions: {
    bearertokenauth: async () => (await import('./extensions/bearertokenauth.ts')).createBearerTokenAuth,
    file_storage: async () => (await import('./extensions/file_storage.ts')).createFileStorage,
  },
}

/** The components that a config names, and those that are there at once. */
export async function loadFactories(config: CollectorConfig): Promise<Factories> {
  const load = async <K extends keyof Factories>(kind: K): Promise<Factories[K]> => {
    const types = new Set([...config[kind].values()].map(({ type }) => type))
    const named = Object.entries(LATER[kind]).filter(([type]) => types.has(type))
    const loaded = await Promise.all(named.map(async ([type, make]) => [type, await make()] as const))
    return { ...AT_ONCE[kind], ...Object.fromEntries(loaded) } as Factories[K]
  }
  return {
    receivers: await load('receivers'),
    processors: await load('processors'),
    exporters: await load('exporters'),
    connectors: await load('connectors'),
    extensions: await load('extensions'),
  }
}
