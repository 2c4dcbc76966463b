import { logRows } from '../../backends/loki-streams.ts'
import type { TraceSpan } from '../../backends/trace.ts'
import type { Backends } from '../../backends.ts'
import type { Door } from '../door.ts'
import { ATTRIBUTE, LANES, type Probe } from './probe.ts'

/** What can be wrong with a probe that came back; the names are tempo-vulture's, and loki-canary's for lines. */
export type Fault = 'incorrectresult' | 'missingspans' | 'duplicate' | 'outoforder'

/** A probe in an answer. */
export interface Back {
  sequence: number
  sampledAt?: number
  fault?: Fault
}

export type PolledDoor = Exclude<Door, 'logs-by-tail'>
/** Asks a door for those that are still missing there. */
export type AskDoor = (pending: readonly Probe[]) => Promise<Back[]>

interface Asked {
  session: string
  signal: AbortSignal
  now: () => number
}

/** Labels of Prometheus and Loki have underscores for dots. */
const label = (name: string) => name.replaceAll('.', '_')
const MAX_LINES = 1_000

export function doorsFor(
  { tempo, prometheus, loki }: Pick<Backends, 'tempo' | 'prometheus' | 'loki'>,
  { session, signal, now }: Asked,
): Record<PolledDoor, AskDoor> {
  const windowOf = (pending: readonly Probe[]) => ({
    start: Math.min(...pending.map(({ madeAt }) => madeAt)) - 2_000,
    end: now() + 1_000,
  })
  const spanQuery = `{span.${ATTRIBUTE.session}=${JSON.stringify(session)}}`
  const selector = `{${label(ATTRIBUTE.session)}=${JSON.stringify(session)}}`
  const byTrace = (pending: readonly Probe[]) => new Map(pending.map((probe) => [probe.traceId, probe]))

  return {
    async 'trace-by-id'(pending) {
      const back = pending.map(async (probe) => {
        const trace = await tempo.traceById(probe.traceId, { signal })
        return trace ? [{ sequence: probe.sequence, ...spanFault(probe, trace.spans) }] : []
      })
      return (await Promise.all(back)).flat()
    },
    async 'trace-by-search'(pending) {
      const known = byTrace(pending)
      const found = await tempo.search(spanQuery, { window: windowOf(pending), limit: 500, signal })
      return found.flatMap(({ traceId }) => {
        const probe = known.get(traceId)
        return probe ? [{ sequence: probe.sequence }] : []
      })
    },
    async 'trace-by-metrics'(pending) {
      const query = `${spanQuery} | count_over_time() by (span.${ATTRIBUTE.sequence})`
      const series = await tempo.metricsRange(query, windowOf(pending), { step: 1_000, signal })
      return series
        .filter(({ samples }) => samples.some(({ value }) => value > 0))
        .map(({ labels }) => ({ sequence: Number(labels[`span.${ATTRIBUTE.sequence}`]) }))
    },
    async logs(pending) {
      const query = `{service_instance_id=${JSON.stringify(session)}}`
      const rows = logRows(
        await loki.streams(query, windowOf(pending), { limit: MAX_LINES, direction: 'backward', signal }),
      )
      return linesBack(
        rows.map(({ line }) => line),
        pending,
      )
    },
    async metrics(pending) {
      const [values, times] = await Promise.all([
        prometheus.vector(selector, { signal }),
        prometheus.vector(`timestamp(${selector})`, { signal }),
      ])
      const lanes = lanesOf(values)
      const sampled = lanesOf(times)
      return pending.flatMap(({ sequence }) => {
        const lane = sequence % LANES
        if ((lanes.get(lane) ?? 0) < sequence) return []
        const seconds = sampled.get(lane)
        return [{ sequence, ...(seconds === undefined ? {} : { sampledAt: seconds * 1_000 }) }]
      })
    },
    async 'metrics-by-exemplar'(pending) {
      const known = byTrace(pending)
      const found = await prometheus.exemplars(selector, windowOf(pending), { signal })
      return found
        .flatMap(({ exemplars }) => exemplars)
        .flatMap(({ labels, value }) => {
          const probe = known.get(labels.trace_id ?? '')
          if (probe === undefined) return []
          return [
            { sequence: probe.sequence, ...(value === probe.sequence ? {} : { fault: 'incorrectresult' as const }) },
          ]
        })
    },
  }
}

/** A sum by lane: the newest value of each. */
function lanesOf(samples: readonly { labels: Record<string, string>; value: number }[]): Map<number, number> {
  const lanes = new Map<number, number>()
  for (const { labels, value } of samples) {
    const lane = Number(labels[label(ATTRIBUTE.lane)])
    lanes.set(lane, Math.max(lanes.get(lane) ?? 0, value))
  }
  return lanes
}

function spanFault(probe: Probe, spans: readonly TraceSpan[]): { fault?: Fault } {
  const span = spans.find(({ spanId }) => spanId === probe.spanId)
  if (span === undefined) return { fault: 'missingspans' }
  return span.attributes['otel_lab.probe.text'] === probe.text ? {} : { fault: 'incorrectresult' }
}

const LINE = /^probe (\d+) of /

/** Lines of probes, oldest first: each with what is wrong with it. */
export function linesBack(lines: readonly string[], pending: readonly Probe[]): Back[] {
  const counts = new Map<number, number>()
  let newest = 0
  const late = new Set<number>()
  for (const line of lines) {
    const sequence = Number(LINE.exec(line)?.[1] ?? 0)
    counts.set(sequence, (counts.get(sequence) ?? 0) + 1)
    if (sequence < newest) late.add(sequence)
    newest = Math.max(newest, sequence)
  }
  return pending.flatMap(({ sequence, text }): Back[] => {
    const count = counts.get(sequence) ?? 0
    if (count === 0) return []
    if (count > 1) return [{ sequence, fault: 'duplicate' }]
    if (!lines.includes(text)) return [{ sequence, fault: 'incorrectresult' }]
    return [late.has(sequence) ? { sequence, fault: 'outoforder' } : { sequence }]
  })
}
