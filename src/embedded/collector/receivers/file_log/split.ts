import { goPattern } from '../../../../util/go-regexp.ts'

export interface SplitSettings {
  multiline: { line_start_pattern: string; line_end_pattern: string; omit_pattern: boolean }
  max_log_size: number
  max_log_size_behavior: string
  preserve_leading_whitespaces: boolean
  preserve_trailing_whitespaces: boolean
}

/** One without a text is counted, and goes no further. */
export interface Piece {
  text: string
  /** Bytes from the start of what was split. */
  at: number
}

/** What of a file's bytes is whole, and how many bytes that took. `last`: nothing more is to be waited for. */
export type Split = (bytes: Buffer, last: boolean) => { pieces: Piece[]; taken: number }

export function createSplit(settings: SplitSettings): Split {
  const { multiline, max_log_size: most } = settings
  const lines = (pattern: string) => (pattern === '' ? undefined : goPattern(`(?m)${pattern}`))
  const [start, end] = [lines(multiline.line_start_pattern), lines(multiline.line_end_pattern)]
  const omit = multiline.omit_pattern

  /** Records as [from, to, end]: the text is between the first two, and the next begins at the last. */
  function cuts(text: string, last: boolean): [from: number, to: number, next: number][] {
    const found: [number, number, number][] = []
    if (start !== undefined) {
      const spans = start.spans(text)
      const first = spans[0]?.[0] ?? text.length
      if (first > 0 && (spans.length > 0 || last)) found.push([0, first, first])
      for (const [i, [from, to]] of spans.entries()) {
        const next = spans[i + 1]?.[0]
        if (next !== undefined) found.push([omit ? to : from, next, next])
        // What is flushed goes as it is.
        else if (last) found.push([from, text.length, text.length])
      }
      return found
    }
    let from = 0
    for (const [at, to] of end === undefined ? newlines(text) : end.spans(text)) {
      found.push([from, end === undefined || omit ? at : to, to])
      from = to
    }
    if (last && from < text.length) found.push([from, text.length, text.length])
    return found
  }

  function trimmed(text: string): string {
    let out = start === undefined && end === undefined ? text.replace(/\r$/, '') : text
    if (!settings.preserve_leading_whitespaces) out = out.replace(/^[\r\n\t ]+/, '')
    return settings.preserve_trailing_whitespaces ? out : out.replace(/[\r\n\t ]+$/, '')
  }

  return (bytes, last) => {
    // A character is never cut: up to a newline all are whole.
    const whole = last ? bytes.length : bytes.lastIndexOf(10) + 1
    const long = whole === 0 && bytes.length >= most
    const text = bytes.toString('utf8', 0, long ? bytes.length : whole)
    const pieces: Piece[] = []
    let [taken, seen] = [0, 0]
    for (const [from, to, next] of cuts(text, last || long)) {
      const at = taken + Buffer.byteLength(text.slice(seen, from))
      taken += Buffer.byteLength(text.slice(seen, next))
      seen = next
      const record = Buffer.from(text.slice(from, to))
      const parts = settings.max_log_size_behavior === 'truncate' ? 1 : Math.max(1, Math.ceil(record.length / most))
      for (let i = 0; i < parts; i++) {
        pieces.push({ text: trimmed(record.toString('utf8', i * most, (i + 1) * most)), at: at + i * most })
      }
    }
    return { pieces, taken }
  }
}

function* newlines(text: string): Generator<[number, number]> {
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) yield [at, at + 1]
}
