import { pollFor } from '../latency.ts'
import type { Attempt, Sighting } from './attempt.ts'
import { callOf } from './context.ts'
import type { Way } from './format/drive.ts'
import type { AttemptEvent, ExerciseLab, VisibleSignal } from './lab.ts'
import { ask } from './query.ts'
import { isWhole, ownTrace } from './traces.ts'
import { seconds } from './wait.ts'

/** A run that takes longer than Tempo's cut is found in parts; it is there when its root is. */
const rootQuery = (runId: string) => `{resource.otel_lab.run.id="${runId}" && nestedSetParent<0}`

const SIGNALS: Record<Way, VisibleSignal> = {
  'by-id': 'trace-by-id',
  'by-search': 'trace-by-search',
  logs: 'logs',
  metrics: 'metrics',
}
const WORDS: Record<Way, string> = {
  'by-id': 'Tempo has the trace by its id',
  'by-search': 'a TraceQL search finds it',
  logs: 'Loki has its log lines',
  metrics: 'Prometheus has its metrics',
}

/** Asks in each of the ways until all show the attempt's telemetry or their deadlines have come. */
export async function watchAttempt(
  lab: ExerciseLab,
  attempt: Attempt,
  ways: readonly Way[],
  onEvent: (event: AttemptEvent) => void,
): Promise<Sighting[]> {
  const scope = { lab, attempt }
  const { runId, traces } = attempt
  const [first] = traces
  const asks: Record<Way, () => Promise<boolean>> = {
    // A trace without its root is still on its way.
    'by-id': async () => {
      const trace = first === undefined ? undefined : await ownTrace(scope, first)
      return trace !== undefined && isWhole(trace, attempt)
    },
    'by-search': async () => {
      const window = { start: lab.now() - 600_000, end: lab.now() + 1_000 }
      return (await lab.backends.tempo.search(rootQuery(runId), { window, ...callOf(lab) })).length > 0
    },
    logs: async () => (await ask(scope, 'logql', `{service_instance_id="${runId}"}`)).length > 0,
    metrics: async () => (await ask(scope, 'promql', `{instance="${runId}"}`)).length > 0,
  }
  const watch = async (way: Way): Promise<Sighting[]> => {
    if (way === 'by-id' && first === undefined) return []
    const began = lab.now()
    const deadline = began + lab.deadline(SIGNALS[way])
    const usual = lab.usual?.(SIGNALS[way])
    const habit = usual === undefined ? '' : `; usually ${seconds(usual)} in this lab`
    const seen = await pollFor(
      {
        ...{ now: lab.now, deadline: () => deadline, age: () => lab.now() - began },
        ...callOf(lab),
        onWait: () => lab.onWait(`asking ${way.replace('-', ' ')} - ${seconds(deadline - lab.now())} left${habit}`),
      },
      async () => (await asks[way]()) || undefined,
    )
    if (seen === undefined) return []
    const { at, lastMiss } = seen
    onEvent({ at, text: WORDS[way] })
    return [{ way, at, ...(lastMiss === undefined ? {} : { lastMiss }) }]
  }
  const found = await Promise.all(ways.map(watch)).finally(() => lab.onWait(undefined))
  return found.flat()
}
