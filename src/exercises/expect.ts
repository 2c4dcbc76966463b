import { type Static, Type } from '@sinclair/typebox'
import { closed, NumberOrParameter, word } from './format/words.ts'
import type { Row } from './query.ts'

const Bounds = Type.Object(
  {
    is: Type.Optional(NumberOrParameter),
    tolerance: Type.Optional(
      Type.Union([Type.Number({ minimum: 0 }), Type.String({ pattern: '^\\d+(\\.\\d+)?%$' })], {
        description: 'How far from `is` is still right: a number, or a share such as 5%',
      }),
    ),
    min: Type.Optional(NumberOrParameter),
    max: Type.Optional(NumberOrParameter),
  },
  closed,
)
export const Amount = Type.Union([NumberOrParameter, Bounds])

const Labels = (description: string) =>
  Type.Record(Type.String(), Type.Union([Type.String(), Type.Number(), Type.Boolean()]), {
    description: `${description} A value between slashes is a regular expression, "*" is any`,
  })

export const Expect = Type.Object(
  {
    count: Type.Optional(
      Type.Unsafe<Static<typeof Amount>>({ ...Amount, description: 'How many rows; at least one unless said' }),
    ),
    value: Type.Optional(
      Type.Unsafe<Static<typeof Amount>>({
        ...Amount,
        description: "Each row's value: the sample, or the seconds that the span took",
      }),
    ),
    labels: Type.Optional(Labels('One row has all of these.')),
    every: Type.Optional(Labels('Every row has all of these.')),
    line: Type.Optional(Type.String({ description: 'A regular expression that one log line must match' })),
    order: Type.Optional(word(['ascending', 'descending'], "The rows' values, in the order of the result")),
    distinct: Type.Optional(
      Type.Object(
        { label: Type.String(), count: Amount },
        { ...closed, description: 'How many different values of one label' },
      ),
    ),
    none: Type.Optional(
      Type.Literal(true, {
        description: 'No row at all; judged only after other telemetry of the run has shown that the pipe works',
      }),
    ),
  },
  closed,
)

export type ExpectSpec = Static<typeof Expect>
type AmountSpec = Static<typeof Amount>

/** Which expectation is not met and what was there instead; undefined when all are. */
export interface Unmet {
  case: 'empty' | 'count' | 'value' | 'labels' | 'every' | 'line' | 'order' | 'distinct' | 'not-none'
  seen: string
}

export function unmetBy(rows: readonly Row[], expect: ExpectSpec): Unmet | undefined {
  if (expect.none)
    return rows.length === 0 ? undefined : { case: 'not-none', seen: `${many(rows)} came: ${shown(rows)}` }
  if (rows.length === 0 && !allows(expect.count, 0)) return { case: 'empty', seen: 'nothing came' }
  if (expect.count !== undefined && !allows(expect.count, rows.length))
    return { case: 'count', seen: `${many(rows)} came, not ${amountInWords(expect.count)}` }
  if (expect.value !== undefined) {
    const wrong = rows.find(({ value }) => value === undefined || !allows(expect.value, value))
    if (wrong) return { case: 'value', seen: `${shown([wrong])}, not ${amountInWords(expect.value)}` }
  }
  if (expect.labels && !rows.some((row) => has(row, expect.labels!)))
    return { case: 'labels', seen: `no row has ${pairs(expect.labels)}; there are ${shown(rows)}` }
  if (expect.every) {
    const odd = rows.find((row) => !has(row, expect.every!))
    if (odd) return { case: 'every', seen: `a row lacks ${pairs(expect.every)}: ${shown([odd])}` }
  }
  if (expect.line !== undefined && !rows.some(({ line }) => line !== undefined && new RegExp(expect.line!).test(line)))
    return { case: 'line', seen: `no line matches /${expect.line}/; there are ${shown(rows)}` }
  if (expect.order !== undefined && !isOrdered(rows, expect.order))
    return { case: 'order', seen: `the values are not ${expect.order}: ${rows.map(({ value }) => value).join(', ')}` }
  if (expect.distinct) {
    const { label, count } = expect.distinct
    const found = new Set(rows.map(({ labels }) => labels[label]).filter((value) => value !== undefined))
    if (!allows(count, found.size))
      return {
        case: 'distinct',
        seen: `${label} has ${found.size} values, not ${amountInWords(count)}: ${[...found].slice(0, 5).join(', ')}`,
      }
  }
  return undefined
}

const number = (value: number | string | undefined) => (value === undefined ? undefined : Number(value))

export function allows(amount: AmountSpec | undefined, value: number): boolean {
  if (amount === undefined) return value > 0
  if (typeof amount !== 'object') return value === Number(amount)
  const is = number(amount.is)
  const { tolerance = 0 } = amount
  const slack = typeof tolerance === 'string' ? (Math.abs(is ?? 0) * Number.parseFloat(tolerance)) / 100 : tolerance
  if (is !== undefined && !(Math.abs(value - is) <= slack + Number.EPSILON * Math.abs(is))) return false
  return (
    !(value < (number(amount.min) ?? -Infinity)) && !(value > (number(amount.max) ?? Infinity)) && !Number.isNaN(value)
  )
}

export function amountInWords(amount: AmountSpec): string {
  if (typeof amount !== 'object') return String(amount)
  const { is, tolerance, min, max } = amount
  return [
    is === undefined ? '' : `${is}${tolerance ? ` give or take ${tolerance}` : ''}`,
    min === undefined ? '' : `at least ${min}`,
    max === undefined ? '' : `at most ${max}`,
  ]
    .filter(Boolean)
    .join(', ')
}

function has({ labels }: Row, wanted: Record<string, string | number | boolean>): boolean {
  return Object.entries(wanted).every(([name, value]) => matches(labels[name], String(value)))
}

export function matches(actual: string | undefined, wanted: string): boolean {
  if (actual === undefined) return false
  if (wanted === '*') return actual !== ''
  const pattern = /^\/(.*)\/$/.exec(wanted)?.[1]
  return pattern === undefined ? actual === wanted : new RegExp(pattern).test(actual)
}

function isOrdered(rows: readonly Row[], order: 'ascending' | 'descending'): boolean {
  const values = rows.map(({ value }) => value ?? Number.NaN)
  const sign = order === 'ascending' ? 1 : -1
  return values.every((value, i) => i === 0 || (value - values[i - 1]!) * sign >= 0)
}

const many = (rows: readonly Row[]) => (rows.length === 1 ? '1 row' : `${rows.length} rows`)
const pairs = (labels: Record<string, string | number | boolean>) =>
  Object.entries(labels)
    .map(([name, value]) => `${name}=${value}`)
    .join(', ')

function shown(rows: readonly Row[]): string {
  const texts = rows.slice(0, 3).map(({ labels, value, line }) => {
    const own = Object.entries(labels).filter(
      ([name]) => !/^(trace:|service_instance_id|instance$|job$|otel_lab\.run\.id$)/.test(name),
    )
    const head =
      line ??
      own
        .slice(0, 5)
        .map(([name, one]) => `${name}=${one === '' ? '""' : one}`)
        .join(' ')
    return `${head.slice(0, 120)}${value === undefined ? '' : ` ${value}`}`.trim()
  })
  return `${texts.join('; ')}${rows.length > 3 ? ` and ${rows.length - 3} more` : ''}`
}
