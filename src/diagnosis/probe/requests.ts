import { randomBytes } from 'node:crypto'
import { requestFromJson } from '../../otlp/json.ts'
import { encodeRequest } from '../../otlp/protobuf.ts'
import type { Signal } from '../contract.ts'

/** The name under which otel-lab itself sends; what looks for a learner's telemetry leaves it out. */
export const PROBE_SERVICE = 'otel-lab-probe'

export interface Probe {
  runId: string
  traceId: string
  /** OTLP/JSON, by signal. */
  json: Record<Signal, unknown>
}

const text = (key: string, stringValue: string) => ({ key, value: { stringValue } })

/** A trace of two spans, a log line of it, and a counter, all marked with the run id and with no app's name. */
export function makeProbe(runId: string, nowMs: number, attributes: Readonly<Record<string, string>> = {}): Probe {
  const traceId = randomBytes(16).toString('hex')
  const [root, child] = [randomBytes(8).toString('hex'), randomBytes(8).toString('hex')]
  const at = (ms: number) => String(BigInt(Math.round((nowMs + ms) * 1000)) * 1000n)
  const own = { 'service.name': PROBE_SERVICE, 'service.instance.id': runId, 'otel_lab.run.id': runId }
  const resource = { attributes: Object.entries({ ...attributes, ...own }).map(([key, value]) => text(key, value)) }
  const scope = { name: PROBE_SERVICE }
  const span = { traceId, kind: 1, startTimeUnixNano: at(-2), endTimeUnixNano: at(0) }
  const spans = [
    { ...span, spanId: root, name: 'probe' },
    { ...span, spanId: child, parentSpanId: root, name: 'probe child' },
  ]
  const record = {
    timeUnixNano: at(0),
    observedTimeUnixNano: at(0),
    severityNumber: 9,
    severityText: 'INFO',
    body: { stringValue: `probe ${runId}` },
    traceId,
    spanId: root,
    flags: 1,
  }
  const point = { startTimeUnixNano: at(-2), timeUnixNano: at(0), asInt: '1', attributes: [] }
  const sum = { aggregationTemporality: 2, isMonotonic: true, dataPoints: [point] }
  const metric = { name: 'otel_lab.probe.sent', description: 'Probes that otel-lab sent', sum }
  return {
    runId,
    traceId,
    json: {
      traces: { resourceSpans: [{ resource, scopeSpans: [{ scope, spans }] }] },
      metrics: { resourceMetrics: [{ resource, scopeMetrics: [{ scope, metrics: [metric] }] }] },
      logs: { resourceLogs: [{ resource, scopeLogs: [{ scope, logRecords: [record] }] }] },
    },
  }
}

export const asProtobuf = (signal: Signal, json: unknown): Uint8Array =>
  encodeRequest(signal, requestFromJson(signal, json))
