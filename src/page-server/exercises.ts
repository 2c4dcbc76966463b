import { type Exercise, hintAt, type Judging, type Progress, progressKey } from '../exercises.ts'
import type { CheckAnswer, ExerciseAnswer } from './answers.ts'

/** The course as it stands with this learner, read from the files that the terminal keeps. */
export async function exerciseAnswers(
  course: readonly Exercise[],
  progress: Pick<Progress, 'of' | 'openAttempt' | 'judging'>,
  now: number,
): Promise<ExerciseAnswer[]> {
  const judging = await progress.judging.read()
  return Promise.all(
    course.map(async (exercise): Promise<ExerciseAnswer> => {
      const { number, title, goal, minutes, text } = exercise
      const known = await progress.of(exercise)
      // One that somebody changed is told where it is answered.
      const attempt = await progress.openAttempt(exercise, now).catch(() => undefined)
      const hints = shownHints(exercise, known)
      const current = judging?.key === progressKey(exercise) ? judging : undefined
      const runId = current?.runId ?? attempt?.runId ?? known.passedRun
      return {
        ...{ number, title, goal, minutes, text },
        checks: exercise.checks.map((check) => (current ? nowAnswer(check, current) : checkAnswer(check, known))),
        hints: hints.map((hint) => hint.text.trim()),
        hintsLeft:
          hintAt(exercise.hints, hints.length, known.last) === undefined ? 0 : leftAfter(exercise, hints.length, known),
        ...(known.passedAt ? { passedAt: known.passedAt } : {}),
        ...(runId ? { runId } : {}),
        ...(current ? { judging: true } : {}),
      }
    }),
  )
}

type Known = Awaited<ReturnType<Progress['of']>>

function shownHints({ hints }: Exercise, { hintsShown = 0, last }: Known) {
  return Array.from({ length: hintsShown }, (_, tier) => hintAt(hints, tier, last)).filter((hint) => hint !== undefined)
}

const leftAfter = ({ hints }: Exercise, shown: number, { last }: Known) => (hintAt(hints, shown, last)?.left ?? -1) + 1

/** While it is judged, each as soon as it is decided; not there in time is no failure of the learner's. */
function nowAnswer({ id, title, why }: Exercise['checks'][number], { results }: Judging): CheckAnswer {
  const result = results.find((one) => one.id === id)
  const state = result === undefined ? 'open' : result.verdict === 'passed' ? 'passed' : 'failed'
  return { id, title, ...(why ? { why } : {}), state, ...(result?.seen ? { seen: result.seen } : {}) }
}

function checkAnswer({ id, title, why }: Exercise['checks'][number], known: Known): CheckAnswer {
  const { passedAt, last, happened, pass } = known
  const failed = last?.failed.some((one) => one.id === id) === true
  const judged = last !== undefined || passedAt !== undefined
  const found = pass?.evidence.find(({ check }) => check === id)
  const passed = happened?.[id] !== undefined || (judged && !failed)
  return {
    ...{ id, title },
    ...(why ? { why } : {}),
    state: passed ? 'passed' : failed ? 'failed' : 'open',
    ...(found ? { seen: found.seen } : happened?.[id] ? { seen: happened[id].seen } : {}),
    ...(found?.query ? { query: found.query } : {}),
    ...(found?.traceId ? { traceId: found.traceId } : {}),
  }
}
