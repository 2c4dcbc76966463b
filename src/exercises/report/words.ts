import type { ReportedExercise } from '../report.ts'

/** What a report says of an exercise, in a word or two. */
export function stateWords({ state, applied, changed, distrust, checks }: ReportedExercise): string {
  if (distrust) return `does not count: ${distrust}`
  if (state === 'new') return 'not tried'
  if (state === 'tried') return checks === 1 ? 'tried once' : `tried ${checks} times`
  const notes = [...(applied ? ['by its solution'] : []), ...(changed ? ['exercise was changed'] : [])]
  return ['passed', ...notes].join(', ')
}
