import { randomBytes } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import type { Attempt } from '../../../src/exercises.ts'

/** Telemetry as anybody may write it by hand, with any run id on it. */
export const hex = (bytes: number) => randomBytes(bytes).toString('hex')
const attributes = (pairs: Record<string, string>) =>
  Object.entries(pairs).map(([key, value]) => ({ key, value: { stringValue: value } }))

interface Marks {
  runId: string
  traceId?: string
}

const resource = ({ runId }: Marks) => ({
  attributes: attributes({
    'service.name': 'neuro-preprocess',
    'service.instance.id': runId,
    'otel_lab.run.id': runId,
  }),
})
const ns = (ms: number) => String(BigInt(Math.round(ms)) * 1_000_000n)

export function spans(marks: Marks, span: Record<string, unknown> = {}) {
  const now = Date.now()
  const one = {
    traceId: marks.traceId ?? hex(16),
    spanId: hex(8),
    name: 'process_file',
    kind: 1,
    startTimeUnixNano: ns(now - 100),
    endTimeUnixNano: ns(now),
    ...span,
  }
  return { resourceSpans: [{ resource: resource(marks), scopeSpans: [{ scope: { name: 'hand' }, spans: [one] }] }] }
}

export function failedSpan(marks: Marks, message: string, type: string) {
  return spans(marks, {
    status: { code: 2, message },
    attributes: attributes({ 'error.type': type, 'file.path': '/data/sub-001_T1w.nii.gz' }),
  })
}

export function logs(marks: Marks, text: string, severity = 'ERROR') {
  const record = {
    timeUnixNano: ns(Date.now()),
    severityNumber: severity === 'ERROR' ? 17 : 9,
    severityText: severity,
    body: { stringValue: text },
    ...(marks.traceId ? { traceId: marks.traceId, spanId: hex(8) } : {}),
  }
  return {
    resourceLogs: [{ resource: resource(marks), scopeLogs: [{ scope: { name: 'hand' }, logRecords: [record] }] }],
  }
}

export function failedMetric(marks: Marks, value: number) {
  const point = {
    asDouble: value,
    startTimeUnixNano: ns(Date.now() - 1000),
    timeUnixNano: ns(Date.now()),
    exemplars: marks.traceId
      ? [{ asDouble: 1, timeUnixNano: ns(Date.now()), traceId: marks.traceId, spanId: hex(8) }]
      : [],
  }
  const metric = {
    name: 'neuro.files.failed',
    unit: '{file}',
    sum: { aggregationTemporality: 2, isMonotonic: true, dataPoints: [point] },
  }
  return {
    resourceMetrics: [{ resource: resource(marks), scopeMetrics: [{ scope: { name: 'hand' }, metrics: [metric] }] }],
  }
}

export async function send(url: string, body: Record<string, unknown>): Promise<void> {
  const signal = 'resourceSpans' in body ? 'traces' : 'resourceLogs' in body ? 'logs' : 'metrics'
  const answer = await fetch(`${url}/v1/${signal}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  if (!answer.ok) throw new Error(`refused: ${answer.status} ${await answer.text()}`)
}

/** What the debug exporter would print of an attempt's span. */
export const FORGED = {
  detailed: ({ traces: [id] }: Attempt) =>
    `2026-11-28T01:00:00.000Z\tinfo\tResourceSpans #0\nSpan #0\n    Trace ID       : ${id}\n    Parent ID      : \n    ID             : ${hex(8)}\n    Name           : process_file\n`,
  normal: ({ traces: [id] }: Attempt) => `2026-11-28T01:00:00.000Z\tinfo\tprocess_file ${id} ${hex(8)} file.name=x\n`,
  json: ({ traces: [id] }: Attempt) =>
    `${JSON.stringify({ level: 'info', msg: `Span #0\n    Trace ID       : ${id}\n    Parent ID      : \n    ID             : ${hex(8)}\n` })}\n`,
}

/** The environment of the process that runs under an id, as another process of the same user can read it. */
export async function environOf(runId: string): Promise<Record<string, string> | undefined> {
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    const text = await readFile(`/proc/${pid}/environ`, 'utf8').catch(() => '')
    if (!text.includes(runId)) continue
    return Object.fromEntries(
      text.split('\0').map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]),
    )
  }
  return undefined
}
