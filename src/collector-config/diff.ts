import { createTwoFilesPatch } from 'diff'

export interface DiffOptions {
  /** Names for the two sides. */
  from: string
  to: string
  /** Unchanged lines around each change. */
  context?: number
}

/**
 * A unified diff, as `diff -u` and `patch` know it; '' when the texts are the same. The `diff` package does the
 * comparing: Myers' algorithm and the hunks' format are no place for an own hand.
 */
export function unifiedDiff(before: string, after: string, options: DiffOptions): string {
  if (before === after) return ''
  const { from, to, context = 3 } = options
  const text = createTwoFilesPatch(from, to, before, after, undefined, undefined, { context })
  return text.replace(/^=+\n/, '')
}
