import type { Hint } from './exercise.ts'
import type { LastCheck } from './progress-entry.ts'

/**
 * The hints in the order in which they help now: first those for what failed last, then the general ones.
 * `tier` counts from 0.
 */
export function hintAt(
  hints: readonly Hint[],
  tier: number,
  last: LastCheck | undefined,
): { text: string; left: number } | undefined {
  const failed = new Set(last?.failed.flatMap(({ id, case: name }) => (name ? [id, `${id}/${name}`] : [id])) ?? [])
  const exact = hints.filter(({ after }) => after?.includes('/') && failed.has(after))
  const about = hints.filter(({ after }) => after !== undefined && !after.includes('/') && failed.has(after))
  const general = hints.filter(({ after }) => after === undefined)
  const ordered = [...exact, ...about, ...general]
  const hint = ordered[tier]
  return hint && { text: hint.text, left: ordered.length - tier - 1 }
}
