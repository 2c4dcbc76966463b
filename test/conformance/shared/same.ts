import type { Verdict } from './tally.ts'

/** Whether two values are the same, written as JSON. */
export function same(name: string, got: unknown, want: unknown): Verdict {
  const [a, b] = [JSON.stringify(got), JSON.stringify(want)]
  return [a === b, `${name}\n    want ${b}\n    got  ${a}`]
}
