import { QueryError } from '../../../../errors.ts'

/** What is wrong, and where. */
export interface ParseFault {
  message: string
  offset: number
  /** Go's scanner forgets the line where a token is more than it scanned: a duration, a range, `|=`. */
  lineless?: boolean
}

/** In Loki's words: `parse error at line 1, col 5: ...`. */
export function syntaxError(query: string, { message, offset, lineless }: ParseFault): QueryError {
  const before = query.slice(0, offset)
  const line = lineless ? 0 : before.split('\n').length
  const column = [...before.slice(before.lastIndexOf('\n') + 1)].length + 1
  // Go's scanner has not moved yet in an empty text.
  const where = query === '' ? ' ' : ` at line ${line}, col ${column}`
  return new QueryError(`parse error${where}: ${message}`, query, offset)
}

/** For what is well formed but makes no sense; Loki names no place for it, the caret does. */
export function parseError(query: string, { message, offset }: ParseFault): QueryError {
  return new QueryError(`parse error : ${message}`, query, offset)
}
