import { table } from '../../../../util/table.ts'

/** Functions of one number, sample by sample. */
export const MATH_FUNCTIONS: Record<string, (value: number) => number> = table({
  abs: Math.abs,
  ceil: Math.ceil,
  floor: Math.floor,
  exp: Math.exp,
  sqrt: Math.sqrt,
  ln: Math.log,
  log2: Math.log2,
  log10: Math.log10,
  sin: Math.sin,
  cos: Math.cos,
  tan: Math.tan,
  asin: Math.asin,
  acos: Math.acos,
  atan: Math.atan,
  sinh: Math.sinh,
  cosh: Math.cosh,
  tanh: Math.tanh,
  asinh: Math.asinh,
  acosh: Math.acosh,
  atanh: Math.atanh,
  rad: (value) => (value * Math.PI) / 180,
  deg: (value) => (value * 180) / Math.PI,
  sgn: Math.sign,
})

/** What Go makes of a time that is no number or beyond 64 bits: 292277026596-12-04 15:30:08, a Sunday. */
const LAST_MOMENT: Record<string, number> = {
  year: 292277026596,
  month: 12,
  day_of_month: 4,
  day_of_week: 0,
  day_of_year: 339,
  days_in_month: 31,
  hour: 15,
  minute: 30,
}

const MAX_DATE_SECONDS = 8.64e12

function dateFunction(name: string, read: (date: Date) => number): (seconds: number) => number {
  return (seconds) => {
    if (!(Math.abs(seconds) < 2 ** 63)) return LAST_MOMENT[name]!
    return Math.abs(seconds) <= MAX_DATE_SECONDS ? read(new Date(Math.trunc(seconds) * 1000)) : Number.NaN
  }
}

const DATE_PARTS: Record<string, (date: Date) => number> = {
  year: (date) => date.getUTCFullYear(),
  month: (date) => date.getUTCMonth() + 1,
  day_of_month: (date) => date.getUTCDate(),
  day_of_week: (date) => date.getUTCDay(),
  day_of_year: (date) => Math.floor((date.getTime() - new Date(date).setUTCMonth(0, 1)) / 86_400_000) + 1,
  days_in_month: (date) => new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate(),
  hour: (date) => date.getUTCHours(),
  minute: (date) => date.getUTCMinutes(),
}

/** Functions of a time in seconds, in UTC; without an argument, of the time of evaluation. */
export const DATE_FUNCTIONS: Record<string, (seconds: number) => number> = table(
  Object.fromEntries(Object.entries(DATE_PARTS).map(([name, read]) => [name, dateFunction(name, read)])),
)

/** Go's math.Min and math.Max: an infinity decides even against NaN. */
const least = (a: number, b: number) =>
  a === Number.NEGATIVE_INFINITY || b === Number.NEGATIVE_INFINITY ? Number.NEGATIVE_INFINITY : Math.min(a, b)
const most = (a: number, b: number) =>
  a === Number.POSITIVE_INFINITY || b === Number.POSITIVE_INFINITY ? Number.POSITIVE_INFINITY : Math.max(a, b)

export const clamp = (value: number, min: number, max: number) => most(min, least(max, value))

/** To the nearest multiple of `unit`, halves up. */
export function round(value: number, unit: number): number {
  const inverse = 1 / unit
  return Math.floor(value * inverse + 0.5) / inverse
}

/** Go's math.Pow, which has an answer where JavaScript has NaN. */
export function power(base: number, exponent: number): number {
  return base === 1 || (base === -1 && Math.abs(exponent) === Number.POSITIVE_INFINITY) ? 1 : base ** exponent
}
