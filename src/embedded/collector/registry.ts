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

/** Every component of the embedded collector, by its type in the YAML. */
export const FACTORIES: Factories = {
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
