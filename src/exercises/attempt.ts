import { randomInt } from 'node:crypto'
import type { CollectorCounter } from '../backends/collector-counters.ts'
import type { AttemptSpec } from './exercise.ts'
import type { AttemptEvent, ExerciseLab } from './lab.ts'
import { type SaidLine, saidLine } from './said.ts'
import { type Sighting, watchTrace } from './watch.ts'

/** One run of the observed program, made by a check for itself. Plain data: it is kept between commands. */
export interface Attempt {
  runId: string
  demo: AttemptSpec['demo']
  seed?: number
  /** Milliseconds since the epoch, by this machine's clock. */
  startedAt: number
  endedAt: number
  exitCode: number
  /** What the app said of itself on its own output. */
  said: SaidLine[]
  /** Trace ids in the order in which the app named them. */
  traces: string[]
  /** The collector's counters before it; absent when it tells none. */
  before?: CollectorCounter[]
  sightings: Sighting[]
  answers: Record<string, string>
  /** Of the verdict that these answers got. */
  graded?: boolean
}

/** Runs the program under a new run id and, where asked to, watches its trace appear. */
export async function driveAttempt(
  lab: ExerciseLab,
  spec: AttemptSpec,
  onEvent: (event: AttemptEvent) => void = () => {},
): Promise<Attempt> {
  const runId = lab.newRunId()
  const seed = spec.seed === 'random' ? randomInt(1, 2 ** 20) : spec.seed
  const before = await lab.backends.collector.counters(lab.signal ? { signal: lab.signal } : {}).catch(() => undefined)
  const said: SaidLine[] = []
  onEvent({ at: lab.now(), text: `the app starts, run ${runId}` })
  lab.onWait(`the app runs (${spec.demo})`)
  const { exitCode, startedAt, endedAt } = await lab
    .run({
      demo: spec.demo,
      runId,
      ...(spec.files === undefined ? {} : { files: spec.files }),
      ...(seed === undefined ? {} : { seed }),
      onLine: (line) => {
        const one = saidLine(line)
        if (one) said.push(one)
      },
    })
    .finally(() => lab.onWait(undefined))
  const asMeant = spec.demo === 'stress' && exitCode === 1 ? ': some scans failed, as they should' : ''
  onEvent({ at: endedAt.getTime(), text: `the app has ended with exit code ${exitCode}${asMeant}` })
  const traces = [...new Set(said.flatMap(({ traceId }) => (traceId ? [traceId] : [])))]
  const attempt: Attempt = {
    runId,
    demo: spec.demo,
    ...(seed === undefined ? {} : { seed }),
    startedAt: startedAt.getTime(),
    endedAt: endedAt.getTime(),
    exitCode,
    said,
    traces,
    ...(before ? { before } : {}),
    sightings: [],
    answers: {},
  }
  if (!spec.watch || traces[0] === undefined) return attempt
  return { ...attempt, sightings: await watchTrace(lab, { runId, traceId: traces[0] }, onEvent) }
}
