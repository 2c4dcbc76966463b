import { EXIT, LabError, QueryError } from '../errors.ts'
import type { Attempt } from './attempt.ts'
import { CHECKS } from './checks/registry.ts'
import type { CheckContext } from './context.ts'
import type { CheckSpec, Exercise } from './exercise.ts'
import type { ExerciseLab } from './lab.ts'
import { type CheckResult, type Outcome, type VerdictKind, worst } from './verdict.ts'

export interface Report {
  verdict: VerdictKind
  runId: string
  results: CheckResult[]
}

/**
 * Judges one attempt. Every check is asked, so that a learner sees all that is missing at once; what cannot be
 * asked (a backend is gone) is the lab's fault and not the learner's.
 */
export async function checkAttempt(
  lab: ExerciseLab,
  exercise: Exercise,
  attempt: Attempt,
  watch: {
    onResult?: (result: CheckResult) => void
    /** Asked once, when all that needs no answer is judged; gives the answers. */
    answer?: () => Promise<Record<string, string>>
  } = {},
): Promise<Report> {
  const { onResult = () => {}, answer } = watch
  const results: CheckResult[] = []
  let answers: Record<string, string> | undefined
  for (const spec of exercise.checks) {
    if (spec.answer !== undefined) answers ??= (await answer?.()) ?? attempt.answers
    const context = { lab, exercise, attempt, answers: answers ?? attempt.answers }
    const outcome = await runCheck(context, spec)
    const { id, title, expected, why } = spec
    const result = { id, title, expected, why, ...outcome }
    results.push(result)
    onResult(result)
  }
  return { verdict: worst(results.map(({ verdict }) => verdict)), runId: attempt.runId, results }
}

async function runCheck(context: CheckContext, spec: CheckSpec): Promise<Outcome> {
  try {
    return await CHECKS[spec.check]!(context, spec)
  } catch (error) {
    context.lab.signal?.throwIfAborted()
    // The queries are ours and right: a backend that refuses one is not the one we know.
    if (error instanceof QueryError) {
      const seen = `a backend refuses the query ${error.query}: ${error.message}`
      return { verdict: 'broken', case: 'query-refused', seen, next: 'otel-lab doctor' }
    }
    if (!(error instanceof LabError)) throw error
    return {
      verdict: error.exit === EXIT.slow ? 'slow' : 'broken',
      case: error.code,
      seen: error.message,
      why: 'The lab itself could not be asked, so nothing is said of your work',
      ...(error.hint ? { next: error.hint } : { next: 'otel-lab doctor' }),
    }
  }
}

/** Whether an answer is still to be given before the checks can judge. */
export function openAnswers(exercise: Exercise, answers: Readonly<Record<string, string>>): string[] {
  return (exercise.answers ?? [])
    .filter(({ key, unless }) => answers[key] === undefined && !unless?.some((other) => answers[other] !== undefined))
    .map(({ key }) => key)
}

/** `key=value` pairs. Throws LabError `bad-answer`. */
export function parseAnswers(exercise: Exercise, pairs: readonly string[]): Record<string, string> {
  const keys = (exercise.answers ?? []).map(({ key }) => key)
  const given: Record<string, string> = {}
  for (const pair of pairs) {
    const at = pair.indexOf('=')
    const key = pair.slice(0, at).trim()
    const value = pair.slice(at + 1).trim()
    if (at < 1 || value === '' || !keys.includes(key)) {
      throw new LabError('bad-answer', `--answer ${pair}: ${whatIsWrong(exercise, at, key, keys)}`, {
        hint:
          keys.length === 0
            ? `otel-lab exercise ${exercise.number} --check`
            : `otel-lab exercise ${exercise.number} ${keys.map((one) => `--answer ${one}=...`).join(' ')}`,
        exit: EXIT.usage,
      })
    }
    given[key] = value
  }
  return given
}

function whatIsWrong(exercise: Exercise, at: number, key: string, keys: string[]): string {
  if (keys.length === 0) return `exercise ${exercise.number} asks nothing`
  if (at < 1) return 'an answer is KEY=VALUE'
  return keys.includes(key) ? 'there is no value' : `there is no question ${key}; there are ${keys.join(', ')}`
}
