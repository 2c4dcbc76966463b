import type { Row } from '../../query.ts'

/** What two results have to have in common. */
export interface Alike {
  /** Samples, log lines, traces, or spans. */
  by: 'values' | 'lines' | 'traces' | 'spans'
  /** Labels whose values must be the same; others do not matter. */
  labels?: readonly string[]
  /** How far values may differ: a number, or a share such as `5%`. */
  tolerance?: number | string
  /** The order counts too. */
  order?: boolean
}

/** How a result differs from the right one, in words for what was given alone; undefined when it does not. */
export interface Difference {
  /** Holds nothing of the right result. */
  given: string
  /** What is right there. */
  wanted: string
}

export function difference(wanted: readonly Row[], given: readonly Row[], alike: Alike): Difference | undefined {
  const told = { given: inWords(given, alike), wanted: inWords(wanted, alike) }
  // `or vector(0)`: zero where there is nothing says the same.
  if (wanted.length === 0 && alike.by === 'values' && given.every(({ value }) => value === 0)) return undefined
  const same = alike.by === 'values' ? sameValues(wanted, given, alike) : sameThings(wanted, given, alike)
  return same ? undefined : told
}

function sameValues(wanted: readonly Row[], given: readonly Row[], alike: Alike): boolean {
  if (wanted.length !== given.length) return false
  const isAlike = (a: Row, b: Row) => keyOf(a, alike) === keyOf(b, alike) && isNear(a.value, b.value, alike.tolerance)
  if (alike.order) return wanted.every((row, i) => isAlike(row, given[i]!))
  const byValue = (rows: readonly Row[]) =>
    [...rows].sort((a, b) => compare(keyOf(a, alike), keyOf(b, alike)) || (a.value ?? 0) - (b.value ?? 0))
  const right = byValue(wanted)
  return byValue(given).every((row, i) => isAlike(right[i]!, row))
}

/** Lines, traces or spans as a set; in their order where that is asked for. */
function sameThings(wanted: readonly Row[], given: readonly Row[], alike: Alike): boolean {
  const [right, mine] = [wanted, given].map((rows) => [...new Set(rows.map((row) => thingOf(row, alike)))]) as [
    string[],
    string[],
  ]
  if (right.length !== mine.length) return false
  return alike.order ? right.every((one, i) => one === mine[i]) : right.every((one) => mine.includes(one))
}

function thingOf(row: Row, alike: Alike): string {
  const { by } = alike
  const own =
    by === 'lines' ? `${row.time} ${row.line}` : by === 'traces' ? row.traceId : `${row.traceId} ${row.spanId}`
  return `${own} ${keyOf(row, alike)}`
}

const keyOf = ({ labels }: Row, alike: Alike) => (alike.labels ?? []).map((name) => labels[name] ?? '').join('\u0000')

function isNear(wanted: number | undefined, given: number | undefined, tolerance: number | string = 1e-9): boolean {
  if (wanted === undefined || given === undefined) return wanted === given
  if (Object.is(wanted, given) || wanted === given) return true
  const slack = typeof tolerance === 'string' ? (Math.abs(wanted) * Number.parseFloat(tolerance)) / 100 : tolerance
  return Math.abs(wanted - given) <= slack + Number.EPSILON * Math.abs(wanted) * 8
}

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)

const MANY = 3

function inWords(rows: readonly Row[], { by, labels = [] }: Alike): string {
  if (rows.length === 0) return 'nothing'
  if (by !== 'values') {
    const count = new Set(rows.map((row) => thingOf(row, { by }))).size
    return `${count} ${count === 1 ? by.slice(0, -1) : by}`
  }
  const shown = rows.slice(0, MANY).map(({ value, labels: all }) => {
    const named = labels.map((name) => `${name}=${all[name] ?? ''}`).join(' ')
    return `${named} ${value === undefined ? 'no number' : Number(value.toPrecision(6))}`.trim()
  })
  return `${shown.join(', ')}${rows.length > MANY ? ` and ${rows.length - MANY} more` : ''}`
}
