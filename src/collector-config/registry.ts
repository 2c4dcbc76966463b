import type { ComponentDefinition, ComponentKind } from './component.ts'
import { attributesProcessor } from './components/attributes.ts'
import { batchProcessor } from './components/batch.ts'
import { bearerTokenAuthExtension } from './components/bearertokenauth.ts'
import { countConnector } from './components/count.ts'
import { debugExporter } from './components/debug.ts'
import { fileExporter } from './components/file.ts'
import { fileLogReceiver } from './components/file_log.ts'
import { fileStorageExtension } from './components/file_storage.ts'
import { filterProcessor } from './components/filter.ts'
import { forwardConnector } from './components/forward.ts'
import { healthCheckExtension } from './components/health_check.ts'
import { loadBalancingExporter } from './components/load_balancing.ts'
import { memoryLimiterProcessor } from './components/memory_limiter.ts'
import { otlpReceiver } from './components/otlp.ts'
import { otlpGrpcExporter } from './components/otlp_grpc.ts'
import { otlpHttpExporter } from './components/otlp_http.ts'
import { probabilisticSamplerProcessor } from './components/probabilistic_sampler.ts'
import { prometheusExporter } from './components/prometheus.ts'
import { redactionProcessor } from './components/redaction.ts'
import { resourceProcessor } from './components/resource.ts'
import { routingConnector } from './components/routing.ts'
import { spanMetricsConnector } from './components/span_metrics.ts'
import { tailSamplingProcessor } from './components/tail_sampling.ts'
import { transformProcessor } from './components/transform.ts'
import { zpagesExtension } from './components/zpages.ts'

const DEFINITIONS: readonly ComponentDefinition[] = [
  otlpReceiver,
  fileLogReceiver,
  batchProcessor,
  memoryLimiterProcessor,
  resourceProcessor,
  attributesProcessor,
  filterProcessor,
  transformProcessor,
  probabilisticSamplerProcessor,
  tailSamplingProcessor,
  redactionProcessor,
  otlpGrpcExporter,
  otlpHttpExporter,
  loadBalancingExporter,
  prometheusExporter,
  debugExporter,
  fileExporter,
  spanMetricsConnector,
  routingConnector,
  forwardConnector,
  countConnector,
  healthCheckExtension,
  zpagesExtension,
  bearerTokenAuthExtension,
  fileStorageExtension,
]

/** Which component types there are; a test may bring its own. */
export interface Registry {
  find(kind: ComponentKind, type: string): ComponentDefinition | undefined
  /** All type names of a kind, former ones too, sorted. */
  types(kind: ComponentKind): string[]
}

export function registryOf(definitions: readonly ComponentDefinition[]): Registry {
  return {
    find: (kind, type) => definitions.find((d) => d.kind === kind && (d.type === type || d.alias?.type === type)),
    types: (kind) =>
      definitions
        .filter((d) => d.kind === kind)
        .flatMap((d) => (d.alias === undefined ? [d.type] : [d.type, d.alias.type]))
        .sort(),
  }
}

export const labRegistry: Registry = registryOf(DEFINITIONS)
