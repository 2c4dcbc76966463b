import type { Attributes } from '@opentelemetry/api'
import { JsonMetricsSerializer, ProtobufMetricsSerializer } from '@opentelemetry/otlp-transformer'
import { AggregationTemporality, type ResourceMetrics } from '@opentelemetry/sdk-metrics'
import type { ExemplarReservoir } from './exemplars.ts'
import { encodeMessage } from './protobuf.ts'

interface Point {
  exemplars?: unknown[]
}

interface Request {
  resourceMetrics: {
    scopeMetrics: { metrics: Record<string, { dataPoints?: Point[] } | undefined>[] }[]
  }[]
}

/** The SDK's own request, as OTLP/JSON, with the exemplars in the points that they belong to. */
function requestWith(exemplars: ExemplarReservoir, resourceMetrics: ResourceMetrics): Request {
  const bytes = JsonMetricsSerializer.serializeRequest(resourceMetrics)
  const request = JSON.parse(Buffer.from(bytes!).toString('utf8')) as Request
  for (const [s, scope] of resourceMetrics.scopeMetrics.entries()) {
    for (const [m, metric] of scope.metrics.entries()) {
      const out = request.resourceMetrics[0]!.scopeMetrics[s]!.metrics[m]!
      const points = (out.sum ?? out.histogram ?? out.exponentialHistogram)?.dataPoints ?? []
      const delta = metric.aggregationTemporality === AggregationTemporality.DELTA
      for (const [p, point] of metric.dataPoints.entries()) {
        const found = exemplars.take(metric.descriptor.name, point.attributes as Attributes, delta)
        if (found.length > 0) points[p]!.exemplars = found
      }
    }
  }
  return request
}

/** Serialisers that the SDK's OTLP transports take in place of their own, which drop exemplars. */
export function metricsSerializer(exemplars: ExemplarReservoir, encoding: 'protobuf' | 'json') {
  if (encoding === 'json') {
    return {
      serializeRequest: (metrics: ResourceMetrics) => Buffer.from(JSON.stringify(requestWith(exemplars, metrics))),
      deserializeResponse: JsonMetricsSerializer.deserializeResponse,
    }
  }
  return {
    serializeRequest: (metrics: ResourceMetrics) =>
      encodeMessage('ExportMetricsServiceRequest', requestWith(exemplars, metrics)),
    deserializeResponse: ProtobufMetricsSerializer.deserializeResponse,
  }
}
