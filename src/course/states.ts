import type { Exercise } from '../exercises.ts'

/** What the robot student does, and what must come of it. */
export type PlayedState =
  | { kind: 'as shipped'; name: string }
  | { kind: 'solved'; name: string; by: 'hand' | 'apply' | 'commands' }
  | { kind: 'wrong'; name: string; wrong: Exercise['wrong'][number] }
  | { kind: 'stale'; name: string }
  | { kind: 'cheat'; name: string; cheat: 'forged progress' | 'nonsense answers' | 'edited attempt' }

/** Everything that is to be played of an exercise, in an order in which each begins anew. */
export function statesOf(exercise: Exercise): PlayedState[] {
  const { solution, wrong, answers } = exercise
  const byHand =
    (solution.edits ?? []).length > 0 || (solution.files ?? []).length > 0 || solution.answers !== undefined
  const typed = solution.commands.filter(isComplete)
  const asks = answers !== undefined
  return [
    { kind: 'as shipped', name: 'as shipped it must not pass' },
    ...(byHand ? [{ kind: 'solved' as const, name: 'solved by hand it must pass', by: 'hand' as const }] : []),
    { kind: 'solved', name: 'solved by --apply it must pass', by: 'apply' },
    // Commands that a learner completes themself (ID, ...) are no recipe.
    ...(!asks && typed.length === solution.commands.length
      ? [{ kind: 'solved' as const, name: 'its commands, as typed, must solve it', by: 'commands' as const }]
      : []),
    ...wrong.map((one) => ({ kind: 'wrong' as const, name: one.name, wrong: one })),
    ...(byHand ? [{ kind: 'stale' as const, name: 'what an earlier attempt has shown must not pass' }] : []),
    { kind: 'cheat', name: 'a pass written into progress.json must not count', cheat: 'forged progress' },
    ...(asks
      ? [
          { kind: 'cheat' as const, name: 'nonsense for answers must not pass', cheat: 'nonsense answers' as const },
          { kind: 'cheat' as const, name: 'an edited attempt must not count', cheat: 'edited attempt' as const },
        ]
      : []),
  ]
}

/** A command that can be typed as it stands: nothing in it waits to be filled in. */
export function isComplete(command: string): boolean {
  return /^otel-lab\b/.test(command) && !/\.\.\.|\b[A-Z]{2,}\b|<\w+>|\bN\b/.test(command.replaceAll(/'[^']*'/g, ''))
}
