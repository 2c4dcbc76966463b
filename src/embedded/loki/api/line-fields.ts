export interface LineField {
  name: string
  value: string
  /** Where in a JSON line it stands. */
  path?: string[]
}

const MAX_DEPTH = 32
const label = (key: string) => key.replace(/[^a-zA-Z0-9_]/g, '_').replace(/^(\d)/, '_$1')

/** What `| json`, or else `| logfmt`, would read out of a line. */
export function fieldsOfLine(line: string): { parser: string; fields: LineField[] } {
  const trimmed = line.trim()
  if (trimmed.startsWith('{')) {
    try {
      return { parser: 'json', fields: [...jsonFields(JSON.parse(trimmed) as object, [])] }
    } catch {
      // Then perhaps it is logfmt.
    }
  }
  return { parser: 'logfmt', fields: [...logfmtFields(line)] }
}

function* jsonFields(object: object, at: string[]): Generator<LineField> {
  for (const [key, value] of Object.entries(object)) {
    const path = [...at, key]
    // Arrays are no labels, as for `| json`.
    if (Array.isArray(value) || value === null) continue
    if (typeof value !== 'object') yield { name: path.map(label).join('_'), value: String(value), path }
    else if (path.length < MAX_DEPTH) yield* jsonFields(value, path)
  }
}

const PAIR = /\s*([^\s="]+)=(?:"((?:[^"\\]|\\.)*)"|([^\s"]*))(?=\s|$)/y

function* logfmtFields(line: string): Generator<LineField> {
  PAIR.lastIndex = 0
  let at = 0
  while (at < line.length) {
    PAIR.lastIndex = at
    const match = PAIR.exec(line)
    if (match === null) {
      // A word without a value; the next pair may follow it.
      const next = /\s/g
      next.lastIndex = at + 1
      const space = next.exec(line)
      if (space === null) return
      at = space.index
      continue
    }
    at = PAIR.lastIndex
    const value = match[2] === undefined ? match[3]! : match[2].replace(/\\(.)/g, '$1')
    if (value !== '') yield { name: label(match[1]!), value }
  }
}
