import type { Labels } from './logql/source.ts'

/** Pairs as they came: in any order, perhaps with empty values or a name twice. */
export type RawLabels = (readonly [name: string, value: string])[]

const byName = (a: readonly [string, string], b: readonly [string, string]) => (a[0] < b[0] ? -1 : a[0] > b[0] ? 1 : 0)

/** Sorted, without empty values; of a name that comes twice the last value counts, as in Loki's label builder. */
export function sortedLabels(pairs: RawLabels): Labels {
  const sorted = pairs.filter(([, value]) => value !== '').sort(byName)
  return sorted.filter(([name], i) => sorted[i + 1]?.[0] !== name)
}

/** `{app="x", env="y"}`, as Loki names a stream in its messages. */
export function labelsText(pairs: RawLabels | Labels): string {
  return `{${pairs.map(([name, value]) => `${name}=${goQuote(value)}`).join(', ')}}`
}

export function labelOf(labels: Labels, name: string): string | undefined {
  for (const pair of labels) if (pair[0] === name) return pair[1]
  return undefined
}

const ESCAPES: Record<string, string> = {
  '\\': '\\\\',
  '"': '\\"',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\b': '\\b',
  '\f': '\\f',
  '\v': '\\v',
  '\x07': '\\a',
}

/** Go's strconv.Quote. */
export function goQuote(text: string): string {
  const escaped = text.replace(/[\\"\p{C}]/gu, (c) => {
    if (ESCAPES[c] !== undefined) return ESCAPES[c]
    const code = c.codePointAt(0)!
    if (code < 0x80) return `\\x${code.toString(16).padStart(2, '0')}`
    return code < 0x10000 ? `\\u${code.toString(16).padStart(4, '0')}` : `\\U${code.toString(16).padStart(8, '0')}`
  })
  return `"${escaped}"`
}
