import { randomBytes } from 'node:crypto'
import { EXIT, LabError } from '../errors.ts'
import type { Attempt } from './attempt.ts'
import { checkAttempt, type Report } from './check.ts'
import { driveAttempt } from './drive.ts'
import { gatherEvidence } from './evidence.ts'
import type { Exercise } from './exercise.ts'
import { openAnswers } from './given.ts'
import type { AttemptEvent, ExerciseLab } from './lab.ts'
import { solve } from './observe.ts'
import { type openProgress, progressKey } from './progress.ts'
import { requireAll } from './requires.ts'
import { placeStart } from './start-files.ts'
import { drawValues, type Values } from './values.ts'
import type { CheckResult } from './verdict.ts'

export type Progress = ReturnType<typeof openProgress>

export interface SessionOptions {
  lab: ExerciseLab
  exercise: Exercise
  progress: Progress
  onEvent?: (event: AttemptEvent) => void
  /** The programs have ended; what they sent is looked for from now on. */
  onDriven?: (attempt: Attempt) => void
  /** Each check, the moment it is decided. */
  onResult?: (result: CheckResult) => void
}

export interface CheckOptions extends SessionOptions {
  /** Asks the learner for the answers that are missing; absent where there is nobody to ask. */
  ask?: (attempt: Attempt, keys: string[]) => Promise<Record<string, string>>
}

export interface Checked {
  report: Report
  attempt: Attempt
  /** Answers that are still to be given. */
  open: string[]
  /** The solution answered, as --apply has told it to. */
  solved: boolean
  /** How many wrong answers the attempt still takes. */
  guessesLeft: number
  /** The one that took the place of an attempt that too many wrong answers have made void. */
  renewed?: Attempt
}

/** So many wrong answers make an attempt void. */
export const GUESSES = 3

/** Drives a new attempt and judges it, and nothing older. Throws LabError `not-ready` for what must be true to start. */
export async function checkNew(options: CheckOptions): Promise<Checked> {
  const { lab, exercise, progress } = options
  await beginWith(exercise, progress, lab.root)
  await requireAll(exercise, lab, progress, await learnerValues(exercise, progress))
  return judge(options, await drive(options))
}

/**
 * Judges answers for the attempt that still waits for them. Throws LabError `no-attempt` when there is none, or
 * when it is too old.
 */
export async function checkAnswers(options: CheckOptions & { given: Record<string, string> }): Promise<Checked> {
  const { lab, exercise, progress, given } = options
  const waiting = await progress.openAttempt(exercise, lab.now())
  if (waiting === undefined) {
    throw new LabError(
      'no-attempt',
      `there is no attempt of exercise ${exercise.number} that these answers could be for`,
      {
        hint: `Make one, and read the answers off it: otel-lab exercise ${exercise.number} --check`,
        exit: EXIT.failed,
      },
    )
  }
  const kept = without(waiting.answers, replacedBy(exercise, given))
  return judge(options, { ...waiting, answers: { ...kept, ...given } }, Object.keys(given).length > 0)
}

/** The attempt that `checkAnswers` would judge, and its age in milliseconds; for saying which it is. */
export async function waitingAttempt({
  exercise,
  progress,
  now,
}: Pick<SessionOptions, 'exercise' | 'progress'> & { now: number }): Promise<
  { attempt: Attempt; ageMs: number } | undefined
> {
  const attempt = await progress.openAttempt(exercise, now)
  return attempt && { attempt, ageMs: now - attempt.endedAt }
}

/** The values of the exercise's parameters that are this learner's until they pass, reset, or make an attempt void. */
export async function learnerValues(exercise: Exercise, progress: Progress): Promise<Values> {
  const { parameters = {} } = exercise
  const all = Object.entries(await attemptValues(exercise, progress))
  return Object.fromEntries(all.filter(([name]) => parameters[name]?.per !== 'attempt'))
}

/** Those, and the ones that each attempt draws anew. */
async function attemptValues(exercise: Exercise, progress: Progress): Promise<Values> {
  if (exercise.parameters === undefined) return {}
  const { learner, round } = await progress.draw(exercise)
  const seeds = {
    learner: `${learner} ${exercise.course} ${exercise.slug} ${round}`,
    attempt: randomBytes(16).toString('hex'),
  }
  return drawValues(exercise.parameters, seeds)
}

/** The programs that an exercise begins with, where there is none yet. */
export async function beginWith(exercise: Exercise, progress: Progress, root: string): Promise<string[]> {
  return exercise.start ? placeStart(exercise, root, await learnerValues(exercise, progress)) : []
}

/** Drives a new attempt and keeps it, so that answers can be given for it later. */
export async function drive({ lab, exercise, progress, onEvent }: SessionOptions): Promise<Attempt> {
  await beginWith(exercise, progress, lab.root)
  const values = await attemptValues(exercise, progress)
  const attempt = await driveAttempt(lab, exercise.drive, { values, ...(onEvent ? { onEvent } : {}) })
  if (exercise.answers) await progress.keepAttempt(exercise, attempt)
  return attempt
}

async function judge(options: CheckOptions, attempt: Attempt, answeredNow = false): Promise<Checked> {
  const { lab, exercise, progress, ask, onResult } = options
  options.onDriven?.(attempt)
  const asks = exercise.answers !== undefined
  // Kept before it is judged: whoever is interrupted while answering can go on with it.
  if (asks) await progress.keepAttempt(exercise, attempt)
  const known = await progress.of(exercise)
  let solved = false
  const answers = { ...attempt.answers }
  const answer = async () => {
    const open = openAnswers(exercise, answers)
    if (open.length === 0) return answers
    if (ask) Object.assign(answers, await ask({ ...attempt, answers }, open))
    else if (known.applied && !answeredNow) {
      solved = true
      Object.assign(answers, await solve({ lab, attempt }, exercise.solution))
    }
    return answers
  }
  const judging = await progress.judging.begin(progressKey(exercise), attempt.runId)
  const report = await checkAttempt(lab, exercise, attempt, {
    onResult: (result) => {
      judging.add(result)
      onResult?.(result)
    },
    ...(asks ? { answer } : {}),
    happened: await progress.happened(exercise),
  }).finally(() => judging.end())
  const wrongNow = wrongAnswers(exercise, report)
  const wrong = attempt.wrong + (wrongNow.length > 0 ? 1 : 0)
  const origin = report.origin ?? attempt.origin
  const judged: Attempt = { ...attempt, answers, wrong, graded: true, ...(origin ? { origin } : {}) }
  const evidence = report.verdict === 'passed' ? await gatherEvidence(lab, attempt, report.results) : []
  await progress.record(exercise, report, evidence, new Date(lab.now()))
  if (!asks) await progress.closeAttempt(exercise, attempt.runId)
  const checked = { report, attempt: judged, solved, guessesLeft: Math.max(0, GUESSES - wrong) }
  if (report.verdict === 'passed') {
    await progress.closeAttempt(exercise, attempt.runId)
    return { ...checked, open: [] }
  }
  // What was wrong is to be answered again; what was right stays.
  const kept = { ...judged, answers: without(answers, wrongNow) }
  if (asks && wrong < GUESSES) await progress.keepAttempt(exercise, kept)
  const open = openAnswers(exercise, answers)
  if (!asks || wrong < GUESSES) return { ...checked, open }
  await progress.closeAttempt(exercise, attempt.runId)
  await progress.newRound(exercise)
  return { ...checked, open: openAnswers(exercise, {}), renewed: await drive(options) }
}

/** Keys of answers that were judged and found wrong; what could not be judged is nobody's guess. */
function wrongAnswers(exercise: Exercise, { results }: Report): string[] {
  return exercise.checks.flatMap(({ id, check, answer }) => {
    const result = results.find((one) => one.id === id)
    const isWrong = check === 'answer' && result?.verdict === 'failed' && !result.free
    return isWrong ? (result.about ?? [answer as string]) : []
  })
}

/** A file that was named before is taken back when a trace is named instead. */
const replacedBy = ({ answers = [] }: Exercise, given: Readonly<Record<string, string>>) =>
  answers
    .filter(({ key, unless }) => given[key] === undefined && unless?.some((other) => given[other] !== undefined))
    .map(({ key }) => key)

const without = (answers: Record<string, string>, keys: readonly string[]) =>
  Object.fromEntries(Object.entries(answers).filter(([key]) => !keys.includes(key)))
