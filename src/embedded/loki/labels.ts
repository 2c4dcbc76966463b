import type { Labels } from './logql/source.ts'

/** Pairs as they came: in any order, perhaps with empty values or a name twice. */
export type RawLabels = (readonly [name: string, value: string])[]

/**
 * Sorted, without empty values; of a name that comes twice the last value counts, as in Loki's label builder.
 * An insertion sort: this runs for every line, over a dozen pairs that are mostly in order.
 */
export function sortedLabels(pairs: RawLabels): Labels {
  const sorted: (readonly [string, string])[] = []
  for (const pair of pairs) {
    const name = pair[0]
    let at = sorted.length
    while (at > 0 && sorted[at - 1]![0] > name) at--
    if (at > 0 && sorted[at - 1]![0] === name) sorted[at - 1] = pair
    else if (at === sorted.length) sorted.push(pair)
    else sorted.splice(at, 0, pair)
  }
  return sorted.some(([, value]) => value === '') ? sorted.filter(([, value]) => value !== '') : sorted
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
