import type { Passage } from '../engine.ts'
import type { Attempt } from './attempt.ts'
import { type CheckContext, callOf, windowOf } from './context.ts'
import { anyOf, linesOf, longWindowOf } from './query.ts'
import { fail, type Outcome } from './verdict.ts'

type Scope = Pick<CheckContext, 'lab' | 'attempt'>

/** After its program has ended nothing can come from it; what came before may be taken in a little later. */
const LATE_MS = 5_000

/** proven: all of it came from the programs that the lab started. unknown: this engine cannot look. */
export type Origin = 'proven' | 'unknown'

/**
 * Whether all that carries the attempt's run id came from the programs that the lab started, through the collector:
 * a run id is no secret, anybody may write it on a span. An Outcome when it did not.
 */
export async function originOf(scope: Scope): Promise<Origin | Outcome> {
  const { lab, attempt } = scope
  const { tap } = lab
  // A request is answered by what the learner has started: there is no run id on it, and nobody to compare with.
  if (tap === undefined || attempt.steps.every(({ kind }) => kind === 'request')) return 'unknown'
  const [from, passages, held] = await Promise.all([
    tap.rememberedFrom(),
    tap.passages({ runId: attempt.runId, limit: 4_096 }),
    heldBy(scope),
  ])
  if (from > attempt.startedAt) return attempt.origin ?? forgotten(attempt)
  const came = passages.filter(
    ({ kind, step, runIds }) => kind === 'receiver' && step === 'in' && runIds.includes(attempt.runId),
  )
  const foreign = came.filter((passage) => isForeign(passage, attempt, came))
  if (foreign.length > 0) {
    const { peer, signal } = foreign[0]!
    const items = foreign.reduce((sum, { byRun, items: all }) => sum + (byRun[attempt.runId] ?? all), 0)
    return refused(
      attempt,
      `${items} ${WORDS[signal]} with its run id came from ${peer ?? 'elsewhere'}, which is not the program that the lab has started`,
    )
  }
  return aroundCollector(attempt, held, passages) ?? 'proven'
}

const WORDS = { traces: 'spans', metrics: 'data points', logs: 'log records' }

function isForeign(
  { peer, at, signal, sender }: Passage,
  { ports, elsewhere, pids, names, startedAt, endedAt }: Attempt,
  came: readonly Passage[],
): boolean {
  const port = portOf(peer)
  if (port === undefined) return false
  if (ports?.includes(port)) return false
  if (at < startedAt - 1_000 || at > endedAt + LATE_MS) return true
  // It may have its endpoint written down in its code, or in the shell: then its process tells it from others.
  if (sender !== undefined && pids !== undefined) return !sender.some((pid) => pids.includes(pid))
  if (ports === undefined || elsewhere) return false
  // Where nobody knows processes: our own program goes the way that it is told, and when another does not, all of a
  // signal comes so.
  return names || came.some((other) => other.signal === signal && ports.includes(portOf(other.peer) ?? -1))
}

const portOf = (peer: string | undefined) => {
  const port = /:(\d+)$/.exec(peer ?? '')?.[1]
  return port === undefined ? undefined : Number(port)
}

/** What the backends hold under the run id: spans, lines, whether there is any series. */
async function heldBy({ lab, attempt }: Scope) {
  const { runId } = attempt
  const call = callOf(lab)
  const window = windowOf({ lab, attempt })
  const long = longWindowOf({ lab, attempt })
  const { tempo, loki, prometheus } = lab.backends
  const [traces, streams, series] = await Promise.all([
    tempo.search(anyOf('traceql', runId), { window, limit: 1_000, spansPerTrace: 1, ...call }).catch(() => []),
    Promise.all(linesOf(runId).map((query) => loki.streams(query, long, { limit: 5_000, ...call }).catch(() => []))),
    prometheus.vector(anyOf('promql', runId), call).catch(() => []),
  ])
  return {
    spans: traces.reduce((sum, { matched }) => sum + matched, 0),
    lines: streams.flat().reduce((sum, { entries }) => sum + entries.length, 0),
    series: series.length,
  }
}

/** What a backend holds of the run and the collector has never sent it was put there by hand. */
function aroundCollector(
  attempt: Attempt,
  { spans, lines, series }: Awaited<ReturnType<typeof heldBy>>,
  passages: readonly Passage[],
): Outcome | undefined {
  const { runId } = attempt
  const sent = (signal: Passage['signal']) => mostSent(passages, signal, runId)
  const held = [
    { what: 'Tempo', items: spans, sent: sent('traces'), unit: 'spans' },
    { what: 'Loki', items: lines, sent: sent('logs'), unit: 'lines' },
    { what: 'Prometheus', items: series > 0 ? 1 : 0, sent: wasFetched(passages, runId) ? 1 : 0, unit: 'series' },
  ]
  const odd = held.find(({ items, sent: through }) => items > through)
  if (odd === undefined) return undefined
  const many = odd.what === 'Prometheus' ? 'series' : `${odd.items} ${odd.unit}`
  const through = odd.sent === 0 ? 'the collector has sent it none' : `the collector has sent it only ${odd.sent}`
  return refused(attempt, `${odd.what} holds ${many} with its run id, and ${through}`)
}

/** The most that one exporter has sent: several may send the same. */
function mostSent(passages: readonly Passage[], signal: Passage['signal'], runId: string): number {
  const byExporter = new Map<string, number>()
  for (const { kind, step, signal: of, id, byRun, said = '' } of passages) {
    // What was not answered in time may have been taken all the same.
    const isSent = step === 'sent' || step === 'retrying' || (step === 'failed' && UNANSWERED.test(said))
    if (kind !== 'exporter' || of !== signal || !isSent) continue
    byExporter.set(id, (byExporter.get(id) ?? 0) + (byRun[runId] ?? 0))
  }
  return Math.max(0, ...byExporter.values())
}

const UNANSWERED = /deadline|timed? ?out|reset|hang up|closed|EOF/i

const wasFetched = (passages: readonly Passage[], runId: string) =>
  passages.some(
    ({ kind, signal, step, runIds, cameAs }) =>
      kind === 'exporter' &&
      signal === 'metrics' &&
      step === 'sent' &&
      (runIds.includes(runId) || cameAs.includes(runId)),
  )

const refused = ({ runId }: Attempt, seen: string): Outcome =>
  fail('foreign', `run ${runId}: ${seen}`, {
    expected:
      'telemetry of the program that the lab has started, through the collector, and nothing else under its run id',
    why: 'A run id can be written on anything; what is judged is what the program itself has told',
    next: 'Let nothing else send while a check runs, and check again',
  })

/** The tap remembers the newest only, and nothing of the time before the lab was started anew. */
const forgotten = ({ runId }: Attempt): Outcome => ({
  verdict: 'slow',
  case: 'forgotten',
  seen: `so much has passed the collector since run ${runId} began, or the lab was started anew, that nobody can tell any more whose telemetry this is`,
  expected: 'an attempt that is judged while the collector still knows what came from whom',
  why: 'A run id can be written on anything; what is judged is what the program itself has told',
  next: 'Stop what else is sending, and check again',
})
