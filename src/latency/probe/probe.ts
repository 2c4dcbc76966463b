import { randomBytes } from 'node:crypto'
import { toNanos } from '../../backends/time.ts'

/** One thing of each signal, made at the same moment and sent by us. Its attributes are told in stack/probes.md. */
export interface Probe {
  /** Counts up from 1 within a session. */
  sequence: number
  traceId: string
  spanId: string
  /** Milliseconds since the epoch: the end of the span, the log record's time, the measurement's. */
  madeAt: number
  /** What must come back letter for letter. */
  text: string
}

/** Series of the counter: an exemplar stands until the next one of its series comes. */
export const LANES = 8
export const SERVICE = 'otel-lab-probe'
/** With dots as underscores, and whatever suffix the exporter gives. */
export const METRIC = 'otel_lab.probe.sequence'
export const ATTRIBUTE = {
  session: 'otel_lab.probe.id',
  sequence: 'otel_lab.probe.sequence',
  lane: 'otel_lab.probe.lane',
}

export function makeProbe(sequence: number, madeAt: number): Probe {
  const traceId = randomBytes(16).toString('hex')
  return { sequence, traceId, spanId: randomBytes(8).toString('hex'), madeAt, text: `probe ${sequence} of ${traceId}` }
}

const string = (key: string, stringValue: string) => ({ key, value: { stringValue } })
const int = (key: string, value: number) => ({ key, value: { intValue: String(value) } })

/** The three OTLP/JSON requests of a probe. `session` marks all of them; `startedAt` is the counter's. */
export function requestsOf(probe: Probe, { session, startedAt }: { session: string; startedAt: number }) {
  const { sequence, traceId, spanId, madeAt, text } = probe
  const at = String(toNanos(madeAt))
  const resource = {
    attributes: [
      string('service.name', SERVICE),
      string('service.instance.id', session),
      string('otel_lab.run.id', session),
    ],
  }
  const scope = { name: SERVICE }
  const attributes = [string(ATTRIBUTE.session, session), int(ATTRIBUTE.sequence, sequence)]
  const span = {
    traceId,
    spanId,
    name: 'probe',
    kind: 1,
    startTimeUnixNano: String(toNanos(madeAt - 1)),
    endTimeUnixNano: at,
    attributes: [...attributes, string('otel_lab.probe.text', text)],
  }
  const record = {
    timeUnixNano: at,
    observedTimeUnixNano: at,
    severityNumber: 9,
    severityText: 'INFO',
    body: { stringValue: text },
    traceId,
    spanId,
    flags: 1,
    attributes,
  }
  const point = {
    startTimeUnixNano: String(toNanos(startedAt)),
    timeUnixNano: at,
    asInt: String(sequence),
    attributes: [string(ATTRIBUTE.session, session), int(ATTRIBUTE.lane, sequence % LANES)],
    exemplars: [{ timeUnixNano: at, asInt: String(sequence), traceId, spanId }],
  }
  const sum = { aggregationTemporality: 2, isMonotonic: true, dataPoints: [point] }
  const metric = { name: METRIC, description: 'The newest probe that was sent', sum }
  return {
    traces: { resourceSpans: [{ resource, scopeSpans: [{ scope, spans: [span] }] }] },
    logs: { resourceLogs: [{ resource, scopeLogs: [{ scope, logRecords: [record] }] }] },
    metrics: { resourceMetrics: [{ resource, scopeMetrics: [{ scope, metrics: [metric] }] }] },
  }
}
