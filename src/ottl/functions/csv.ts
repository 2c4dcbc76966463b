/** One row of CSV (RFC 4180, as Go's encoding/csv reads it); what follows a line break goes on in the last field. */
export function csvRow(text: string, delimiter: string, mode: string): string[] {
  if (mode === 'ignoreQuotes') return text.split(delimiter)
  const lazy = mode === 'lazyQuotes'
  const fields: string[] = []
  let [at, line] = [0, text.replace(/^[\r\n]+|[\r\n]+$/g, '')]
  if (line === '') throw new Error('no csv lines found')
  line = line.replaceAll('\r\n', '\n')
  for (;;) {
    let next: number
    try {
      const [field, end] =
        line[at] === '"' ? quotedField(line, at + 1, delimiter, lazy) : bareField(line, at, delimiter, lazy)
      fields.push(field)
      next = end
    } catch (error) {
      // What was read before counts.
      if (fields.length > 0) return fields
      throw error
    }
    if (next >= line.length) return fields
    at = next + delimiter.length
    if (at === line.length) return [...fields, '']
  }
}

function bareField(line: string, from: number, delimiter: string, lazy: boolean): [string, number] {
  const found = line.indexOf(delimiter, from)
  const end = found < 0 ? line.length : found
  const field = line.slice(from, end)
  if (!lazy && field.includes('"')) throw new Error(told('bare " in non-quoted-field', from + field.indexOf('"') + 1))
  return [field, end]
}

function quotedField(line: string, from: number, delimiter: string, lazy: boolean): [string, number] {
  let field = ''
  for (let at = from; at < line.length; at++) {
    if (line[at] !== '"') field += line[at]
    else if (line[at + 1] === '"') {
      field += '"'
      at++
    } else if (at + 1 === line.length || line.startsWith(delimiter, at + 1)) return [field, at + 1]
    else if (lazy) field += '"'
    else throw new Error(told('extraneous or missing " in quoted-field', at + 1))
  }
  if (lazy) return [field, line.length]
  throw new Error(told('extraneous or missing " in quoted-field', line.length + 1))
}

const told = (why: string, column: number) => `read csv line: parse error on line 1, column ${column}: ${why}`

export function csvHeaders(header: string, delimiter: string, fields: readonly string[]): [string, string][] {
  if (header === '') throw new Error('headers must not be an empty string')
  const headers = header.split(delimiter)
  if (headers.length !== fields.length) {
    throw new Error(`map csv headers: wrong number of fields: expected ${headers.length}, found ${fields.length}`)
  }
  return headers.map((name, i) => [name, fields[i]!])
}
