import type { AnswerCheck } from '../answer-kind.ts'
import type { CheckContext } from '../context.ts'
import { fail, type Outcome } from '../verdict.ts'

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
  })
}

export function unreadable(context: CheckContext, spec: AnswerCheck, text: string): Outcome {
  const form = answerOf(context, spec)?.form
  return fail('unreadable', `"${text}" cannot be read as an answer`, {
    next: `${form ? `${form}\n` : ''}otel-lab exercise ${context.exercise.number} --answer ${spec.answer}=...`,
  })
}

/** What was measured belongs to a trace that is not there any more, such as after `down --volumes`. */
export function gone({ exercise, attempt }: CheckContext): Outcome {
  return fail('trace-gone', `Tempo does not have the trace of run ${attempt.runId} (any more)`, {
    why: 'An answer is judged by the telemetry of its own attempt, and by no other',
    next: `Make a new attempt: otel-lab exercise ${exercise.number} --check`,
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
