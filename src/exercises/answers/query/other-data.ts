import type { Window } from '../../../backends/time.ts'
import type { Attempt } from '../../attempt.ts'
import { type CheckContext, callOf } from '../../context.ts'
import { driveAttempt } from '../../drive.ts'
import type { DriveSpec, DriveStep } from '../../exercise.ts'
import { ask, type Language, type Row, VISIBLE_OF } from '../../query.ts'
import { waitFor } from '../../wait.ts'
import { type Alike, difference } from './compare.ts'

/** Data on which a query must be right too. */
export interface OtherData {
  /** For the learner: `run r123`. */
  what: string
  runId: string
  /** The right result there. */
  rows: Row[]
  window: Window
}

interface Question {
  language: Language
  /** Holds the attempt's run id wherever it names the run. */
  reference: string
  alike: Alike
  rows: readonly Row[]
}

const HOURS = 3_600_000
/** Runs that are looked at before one is driven. */
const MOST_RUNS = 8
const TIMEOUT_MS = 5_000

/** The text with another run, and its trace, in place of the attempt's. */
export function asked(text: string, attempt: Attempt, runId: string): string {
  return text.replaceAll(attempt.runId, runId)
}

/**
 * Earlier runs for which something else is right than for this attempt; none when the lab has seen no such run.
 * A run that gives the same proves nothing.
 */
export async function earlierRuns(context: CheckContext, question: Question): Promise<OtherData[]> {
  const { lab, attempt } = context
  const window = { start: lab.now() - 6 * HOURS, end: lab.now() + 5_000 }
  const ids = (await runIds(context, question.language, window)).filter((id) => id !== attempt.runId)
  const found: OtherData[] = []
  for (const runId of ids.slice(0, MOST_RUNS)) {
    const rows = await referenceRows(context, question, runId, window)
    if (rows.length > 0 && difference(question.rows, rows, question.alike)) {
      found.push({ what: `run ${runId}`, runId, rows, window })
      if (found.length === 2) break
    }
  }
  return found
}

async function runIds({ lab, attempt }: CheckContext, language: Language, window: Window): Promise<string[]> {
  const { tempo, prometheus, loki } = lab.backends
  const call = { ...callOf(lab), timeoutMs: TIMEOUT_MS }
  const ids =
    language === 'promql'
      ? await prometheus.labelValues('instance', call)
      : language === 'logql'
        ? await loki.labelValues('service_instance_id', window, call)
        : await tempo.tagValues('resource.otel_lab.run.id', { window, ...call })
  // They have the time in them, so the newest come last.
  const alike = ids.filter((id) => id.length === attempt.runId.length && id[0] === attempt.runId[0])
  return alike.sort().reverse()
}

/** Runs the exercise's programs once more, with more to do, until something else is right; undefined when nothing is. */
export async function drivenRun(
  context: CheckContext,
  question: Question,
  drives: readonly DriveSpec[],
): Promise<OtherData | undefined> {
  const { lab, attempt } = context
  for (const drive of drives) {
    lab.onWait('another run is made, on which the query must be right too')
    const other = await driveAttempt(lab, drive, { values: attempt.values })
    const rows = await waitFor(
      lab,
      {
        signal: VISIBLE_OF[question.language],
        what: `run ${other.runId}, on which the query must be right too`,
        everyMs: 200,
      },
      async () => {
        const window = { start: other.startedAt - 5_000, end: lab.now() + 5_000 }
        const now = await referenceRows(context, question, other.runId, window)
        return now.length > 0 ? now : undefined
      },
    )
    if (rows === undefined) continue
    const window = { start: attempt.startedAt - 5_000, end: lab.now() + 5_000 }
    if (difference(question.rows, rows, question.alike)) {
      return { what: `run ${other.runId}, which was made for this`, runId: other.runId, rows, window }
    }
  }
  return undefined
}

function referenceRows(context: CheckContext, { language, reference }: Question, runId: string, window: Window) {
  return ask(context, language, asked(reference, context.attempt, runId), { window, timeoutMs: TIMEOUT_MS })
}

/** The same programs with other work: more scans, other ones broken. A program of the learner's runs as it does. */
export function otherDrives({ run }: DriveSpec): DriveSpec[] {
  const demos = run.filter((step) => 'demo' in step)
  if (demos.length === 0) return [{ run }]
  return [4, 6].map((files) => ({ run: run.map((step) => otherStep(step, files)) }))
}

function otherStep(step: DriveStep, files: number): DriveStep {
  if (!('demo' in step)) return step
  return { ...step, demo: 'stress', seed: 'random', files }
}
