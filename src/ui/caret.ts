import type { QueryError } from '../errors.ts'
import { type Paint, paint } from './paint.ts'
import { clip, widthOf } from './width.ts'

/** What can be cut off to the left of the caret so that a long query still fits. */
const LEAD = 30

/**
 * The faulty line of the query, a caret under the faulty part, and the message:
 * ```
 *   { status = eror }
 *              ^^^^
 *   unknown identifier: eror
 * ```
 */
export function renderCaret(
  error: Pick<QueryError, 'query' | 'position' | 'length' | 'message'>,
  options: { paint?: Paint; width?: number } = {},
): string {
  const p = options.paint ?? paint()
  const width = options.width ?? 100
  const { query, message } = error
  const position = Math.min(Math.max(0, error.position), query.length)
  const lineStart = query.lastIndexOf('\n', position - 1) + 1
  const lineEnd = query.indexOf('\n', position)
  const whole = query.slice(lineStart, lineEnd === -1 ? undefined : lineEnd)
  const column = position - lineStart
  const cut = column > width - 20 ? column - LEAD : 0
  const text = (cut > 0 ? '…' : '') + whole.slice(cut)
  const at = (cut > 0 ? 1 : 0) + column - cut
  // Tabs stay tabs above and below, so that the caret stands under its letter.
  const before = text.slice(0, at).replaceAll(/[^\t]/g, (char) => ' '.repeat(widthOf(char)))
  const marked = text.slice(at, at + error.length)
  const room = Math.max(1, width - widthOf(text.slice(0, at)))
  const carets = '^'.repeat(Math.min(room, Math.max(1, widthOf(marked))))
  const where = query.includes('\n') ? p.dim(` (line ${query.slice(0, position).split('\n').length})`) : ''
  return [`  ${clip(text, width)}`, `  ${before}${p.red(carets)}`, `  ${message}${where}`].join('\n')
}
