import { applyPatch, createTwoFilesPatch, reversePatch, structuredPatch } from 'diff'

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

/**
 * A text with one earlier change taken out of it, under what was edited since; undefined where the edits touch the
 * same lines.
 */
export function revertChange(text: string, change: { before: string; after: string }): string | undefined {
  const { before, after } = change
  if (text === after) return before
  const back = applyPatch(
    text,
    reversePatch(structuredPatch('a', 'a', before, after, undefined, undefined, { context: 2 })),
  )
  return back === false ? undefined : back
}
