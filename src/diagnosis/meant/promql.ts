import type { QueryError } from '../../errors.ts'
import { nearest } from '../../util/nearest.ts'

export interface Prometheus {
  names(): Promise<readonly string[]>
  labels(): Promise<readonly string[]>
  values(label: string): Promise<readonly string[]>
}

const RANGE = '[5m]'
const STRING = /"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'/g
/** A name before its labels, its range or its end. */
const METRIC = /(?<![\w:.])[A-Za-z_:][\w:.]*(?=\s*(?:\{|\[|\)|$|[-+*/%<>=!,]))/g
const MATCHER = /([A-Za-z_]\w*)(\s*=\s*)"((?:[^"\\]|\\.)*)"/g

/** Candidates, likeliest first: the range that a function wants, then the nearest names, labels and values. */
export async function promqlMeant(
  query: string,
  refused: Pick<QueryError, 'message' | 'position' | 'length'> | undefined,
  prometheus: Prometheus,
): Promise<string[]> {
  const ranged = refused && /expected type range vector/.test(refused.message) ? withRange(query, refused) : query
  const names = await prometheus.names()
  const named = outsideStrings(ranged, (text) => text.replaceAll(METRIC, (name) => nearName(name, names)))
  return [named, ranged, await nearMatchers(named, prometheus)]
}

/** `rate(x)` wants `rate(x[5m])`. */
function withRange(query: string, { position, length }: Pick<QueryError, 'position' | 'length'>): string {
  const end = position + length
  return `${query.slice(0, end).trimEnd()}${RANGE}${query.slice(end)}`
}

/** As code names it, `neuro.files.failed`, Prometheus has it with underscores and a suffix. */
function nearName(name: string, names: readonly string[]): string {
  if (names.includes(name)) return name
  const plain = name.replaceAll('.', '_')
  const suffixed = ['', '_total', '_seconds', '_seconds_total', '_bucket', '_seconds_bucket', '_ratio']
  const exact = suffixed.map((suffix) => plain + suffix).find((one) => names.includes(one))
  return exact ?? nearest(plain, names) ?? name
}

async function nearMatchers(query: string, prometheus: Prometheus): Promise<string> {
  const labels = await prometheus.labels()
  let mended = query
  for (const [all, label, op, value] of query.matchAll(MATCHER)) {
    const known = labels.includes(label!) ? label! : nearest(label!, labels)
    if (known === undefined) continue
    const values = await prometheus.values(known).catch((): string[] => [])
    const near = values.includes(value!) ? value : nearest(value!, values)
    if (near !== undefined) mended = mended.replace(all, `${known}${op}"${near}"`)
  }
  return mended
}

function outsideStrings(query: string, change: (text: string) => string): string {
  const strings = query.match(STRING) ?? []
  const parts = query.split(STRING).map(change)
  return parts.map((part, i) => part + (strings[i] ?? '')).join('')
}
