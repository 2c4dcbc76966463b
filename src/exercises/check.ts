import { EXIT, LabError, QueryError } from '../errors.ts'
import type { Attempt } from './attempt.ts'
import { checkKind } from './checks/registry.ts'
import type { CheckContext } from './context.ts'
import { resultDigest } from './evidence.ts'
import type { CheckSpec, Exercise } from './exercise.ts'
import type { ExerciseLab } from './lab.ts'
import { type Origin, originOf } from './origin.ts'
import { fill, type Values } from './values.ts'
import { type CheckResult, type Outcome, pass, type VerdictKind, worst } from './verdict.ts'

export interface Report {
  verdict: VerdictKind
  runId: string
  /** In the order of the exercise. */
  results: CheckResult[]
  /** Whether all that was judged came from the attempt's own programs; absent when something else was wrong. */
  origin?: Origin
}

export interface JudgeOptions {
  /** Called the moment a check is decided, in whatever order that is. */
  onResult?: (result: CheckResult) => void
  /** Asked once, when all that needs no answer is judged; gives the answers. */
  answer?: () => Promise<Record<string, string>>
  /** What `edge` checks have seen in earlier attempts: id -> what was seen. */
  happened?: Readonly<Record<string, string>>
}

/**
 * Judges one attempt. Every check is asked, all at once, so that a learner sees all that is missing and waits for
 * the slowest only; what cannot be asked (a backend is gone) is the lab's fault and not the learner's.
 */
export async function checkAttempt(
  lab: ExerciseLab,
  exercise: Exercise,
  attempt: Attempt,
  options: JudgeOptions = {},
): Promise<Report> {
  const { onResult = () => {}, answer, happened = {} } = options
  const values: Values = {
    ...attempt.values,
    run: attempt.runId,
    ...(attempt.traces[0] ? { trace: attempt.traces[0] } : {}),
  }
  const judge = async (spec: CheckSpec, answers: Readonly<Record<string, string>>): Promise<CheckResult> => {
    const filled = fill(spec, values)
    const kind = checkKind(spec.check)!
    const { id, title, expected = kind.words.expected, why = kind.words.why } = filled
    const outcome = await runCheck({ lab, exercise, attempt, answers }, filled)
    const earlier = happened[id]
    const decided =
      spec.when === 'edge' && outcome.verdict !== 'passed' && earlier !== undefined
        ? pass(`it happened in an earlier attempt: ${earlier}`)
        : outcome
    const { result: judged, ...told } = decided
    const digest = judged === undefined ? {} : { digest: resultDigest(judged) }
    const result = { id, title, expected, why, ...told, ...digest }
    onResult(result)
    return result
  }
  /** Asked when all else is well, and told only when it is not: nobody has to think of it otherwise. */
  const originChecked = async (before: readonly CheckResult[]): Promise<Origin | CheckResult | undefined> => {
    if (before.some(({ verdict }) => verdict !== 'passed')) return undefined
    const found = await originOf({ lab, attempt })
    if (typeof found === 'string') return found
    const { expected = '', why = '', ...rest } = found
    const result = { id: 'origin', title: 'All of it came from the program', expected, why, ...rest }
    onResult(result)
    return result
  }
  const needsAnswer = ({ check }: CheckSpec) => check === 'answer'
  const first = await all(
    exercise.checks.filter((spec) => !needsAnswer(spec)).map((spec) => judge(spec, attempt.answers)),
  )
  const origin = await originChecked(first)
  const asked = exercise.checks.filter(needsAnswer)
  const answers = asked.length > 0 ? ((await answer?.()) ?? attempt.answers) : attempt.answers
  const second: CheckResult[] = []
  // One after the other: they are told in the order in which they were asked.
  for (const spec of asked) second.push(await judge(spec, answers))
  const byId = new Map([...first, ...second].map((result) => [result.id, result]))
  const results = exercise.checks.map(({ id }) => byId.get(id)!)
  // Once more after the answers, which may take their time.
  const found = second.length > 0 && typeof origin === 'string' ? ((await originChecked(results)) ?? origin) : origin
  if (typeof found === 'object') results.push(found)
  return {
    verdict: worst(results.map(({ verdict }) => verdict)),
    runId: attempt.runId,
    results,
    ...(typeof found === 'string' ? { origin: found } : {}),
  }
}

/** All to their end: one that fails in an unforeseen way does not leave the others running. */
async function all<T>(promises: Promise<T>[]): Promise<T[]> {
  const settled = await Promise.allSettled(promises)
  const broken = settled.find((one) => one.status === 'rejected')
  if (broken) throw broken.reason
  return settled.map((one) => (one as PromiseFulfilledResult<T>).value)
}

async function runCheck(context: CheckContext, spec: CheckSpec): Promise<Outcome> {
  try {
    return await checkKind(spec.check)!.run(context, spec)
  } catch (error) {
    context.lab.signal?.throwIfAborted()
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
