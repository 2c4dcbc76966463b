import type { AnswerCheck } from '../answer-kind.ts'
import type { CheckContext } from '../context.ts'
import { fail, type Outcome, pass } from '../verdict.ts'
import type { Grade } from './grade.ts'
import type { Unreadable } from './read/read.ts'

const answerOf = ({ exercise }: CheckContext, spec: AnswerCheck) =>
  exercise.answers?.find(({ key }) => key === spec.answer)

/** The command that gives every answer that is still missing. */
function command({ exercise, answers }: CheckContext): string {
  const open = (exercise.answers ?? []).filter(
    ({ key, unless }) => answers[key] === undefined && !unless?.some((other) => answers[other] !== undefined),
  )
  return `otel-lab exercise ${exercise.number} ${open.map(({ key }) => `--answer ${key}=...`).join(' ')}`
}

export function missing(context: CheckContext, spec: AnswerCheck): Outcome {
  const asked = answerOf(context, spec)
  return fail('unanswered', `no answer yet: ${asked?.ask ?? spec.answer}`, {
    next: `${command(context)}\n${asked?.form ?? ''}`.trim(),
    free: true,
  })
}

/** What is asked for again, with what was wrong about it. */
export function unreadable(
  { exercise }: CheckContext,
  key: string,
  text: string,
  { case: name, why, instead }: Unreadable,
): Outcome {
  const shown = text.length > 80 ? `${text.slice(0, 79)}…` : text
  return fail(name, `"${shown}" ${why}`, {
    next: `${instead ? `${instead}\n` : ''}otel-lab exercise ${exercise.number} --answer ${key}=...`,
    free: true,
  })
}

/** A grade as a check's outcome; `next` is for those that name none. */
export function outcomeOf(grade: Grade, more: { query: string; next: string; traceId?: string }): Outcome {
  const { query, traceId } = more
  const shown = { query, ...(traceId === undefined ? {} : { traceId }) }
  if (grade.grade === 'right') return pass(grade.seen, shown)
  const { case: name, seen, why, next = more.next } = grade
  return fail(name, seen, {
    ...(why === undefined ? {} : { why }),
    next,
    query,
    ...(grade.grade === 'unreadable' ? { free: true } : {}),
  })
}

/** What was measured belongs to a trace that is not there any more, such as after `down --volumes`. */
export function gone({ exercise, attempt }: CheckContext): Outcome {
  return fail('trace-gone', `Tempo does not have the trace of run ${attempt.runId} (any more)`, {
    why: 'An answer is judged by the telemetry of its own attempt, and by no other',
    next: `Make a new attempt: otel-lab exercise ${exercise.number} --check`,
    free: true,
  })
}

export function neverSeen({ exercise, attempt }: CheckContext): Outcome {
  return {
    verdict: 'slow',
    case: 'never-seen',
    seen: `the trace of run ${attempt.runId} was not to be seen before its deadline`,
    next: `otel-lab doctor, then: otel-lab exercise ${exercise.number} --check`,
  }
}
