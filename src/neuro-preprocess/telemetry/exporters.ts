import { OTLPExporterBase } from '@opentelemetry/otlp-exporter-base'
import { convertLegacyHttpOptions, createOtlpHttpExportDelegate } from '@opentelemetry/otlp-exporter-base/node-http'
import { convertLegacyOtlpGrpcOptions, createOtlpGrpcExportDelegate } from '@opentelemetry/otlp-grpc-exporter-base'
import {
  type IExporterMetricsHelper,
  type ISerializer,
  JsonLogsSerializer,
  JsonTraceSerializer,
  LogsExporterMetricsHelper,
  MetricsExporterMetricsHelper,
  ProtobufLogsSerializer,
  ProtobufTraceSerializer,
  TraceExporterMetricsHelper,
} from '@opentelemetry/otlp-transformer'
import type { LogRecordExporter } from '@opentelemetry/sdk-logs'
import {
  AggregationTemporality,
  AggregationType,
  InstrumentType,
  type PushMetricExporter,
  type ResourceMetrics,
} from '@opentelemetry/sdk-metrics'
import type { SpanExporter } from '@opentelemetry/sdk-trace-node'
import type { ExemplarReservoir } from './exemplars.ts'
import { metricsSerializer } from './metrics-request.ts'
import { withRetry } from './retry.ts'
import { type Env, endpointOf, hasEndpoint, type Protocol, type Signal, setting, timeoutOf } from './settings.ts'

/** opentelemetry/proto/collector/SIGNAL/v1/SIGNAL_service.proto, and the path of OTLP over HTTP. */
const SERVICES = {
  TRACES: { path: 'v1/traces', rpc: '/opentelemetry.proto.collector.trace.v1.TraceService/Export' },
  METRICS: { path: 'v1/metrics', rpc: '/opentelemetry.proto.collector.metrics.v1.MetricsService/Export' },
  LOGS: { path: 'v1/logs', rpc: '/opentelemetry.proto.collector.logs.v1.LogsService/Export' },
}

/**
 * The SDK's own transports, which read endpoint, headers, timeout, compression and certificates from the OTEL_*
 * variables. Built from their parts and not from the exporter packages, so that the metrics' serialiser can be ours.
 */
function exporter<T, R>(
  env: Env,
  signal: Signal,
  protocol: Protocol,
  serializer: ISerializer<T, R>,
  helper: IExporterMetricsHelper<T>,
): OTLPExporterBase<T> {
  const { path, rpc } = SERVICES[signal]
  const ours = hasEndpoint(env, signal) ? undefined : endpointOf(env, signal, protocol)
  if (protocol === 'grpc') {
    const options = convertLegacyOtlpGrpcOptions(ours ? { url: ours } : {}, signal)
    return new OTLPExporterBase(
      createOtlpGrpcExportDelegate(options, serializer, 'otlp_grpc', helper, undefined, `${signal}ExportService`, rpc),
    )
  }
  const type = protocol === 'http/json' ? 'application/json' : 'application/x-protobuf'
  const options = convertLegacyHttpOptions(ours ? { url: `${ours}/${path}` } : {}, signal, path, {
    'Content-Type': type,
  })
  return new OTLPExporterBase(createOtlpHttpExportDelegate(options, serializer, 'otlp_http', helper, undefined))
}

export function traceExporter(env: Env, protocol: Protocol): SpanExporter {
  const serializer = protocol === 'http/json' ? JsonTraceSerializer : ProtobufTraceSerializer
  return retried(env, 'TRACES', protocol, exporter(env, 'TRACES', protocol, serializer, TraceExporterMetricsHelper))
}

export function logExporter(env: Env, protocol: Protocol): LogRecordExporter {
  const serializer = protocol === 'http/json' ? JsonLogsSerializer : ProtobufLogsSerializer
  return retried(env, 'LOGS', protocol, exporter(env, 'LOGS', protocol, serializer, LogsExporterMetricsHelper))
}

function retried<T>(env: Env, signal: Signal, protocol: Protocol, exporter: OTLPExporterBase<T>): OTLPExporterBase<T> {
  return protocol === 'grpc' ? withRetry(exporter, timeoutOf(env, signal), () => performance.now()) : exporter
}

/** Not sent again: the next export says all that this one does, and an old one must not come after it. */
export function metricExporter(env: Env, protocol: Protocol, exemplars: ExemplarReservoir): PushMetricExporter {
  const serializer = metricsSerializer(exemplars, protocol === 'http/json' ? 'json' : 'protobuf')
  const inner = exporter<ResourceMetrics, object>(env, 'METRICS', protocol, serializer, MetricsExporterMetricsHelper)
  const preference = setting(env, 'OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE')?.toLowerCase()
  const exponential =
    setting(env, 'OTEL_EXPORTER_OTLP_METRICS_DEFAULT_HISTOGRAM_AGGREGATION')?.toLowerCase() ===
    'base2_exponential_bucket_histogram'
  return {
    export: (metrics, done) => inner.export(metrics, done),
    forceFlush: () => inner.forceFlush(),
    shutdown: () => inner.shutdown(),
    selectAggregationTemporality: (instrument) =>
      isDelta(preference, instrument) ? AggregationTemporality.DELTA : AggregationTemporality.CUMULATIVE,
    selectAggregation: (instrument) =>
      exponential && instrument === InstrumentType.HISTOGRAM
        ? { type: AggregationType.EXPONENTIAL_HISTOGRAM }
        : { type: AggregationType.DEFAULT },
  }
}

/** opentelemetry.io/docs/specs/otel/metrics/sdk_exporters/otlp: delta and lowmemory, for what this program has. */
function isDelta(preference: string | undefined, instrument: InstrumentType): boolean {
  return (
    (preference === 'delta' || preference === 'lowmemory') &&
    (instrument === InstrumentType.COUNTER || instrument === InstrumentType.HISTOGRAM)
  )
}
