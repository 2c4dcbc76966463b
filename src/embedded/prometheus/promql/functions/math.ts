const utc = (seconds: number) => new Date(Math.trunc(seconds) * 1000)

/** Functions of one number, sample by sample. */
export const MATH_FUNCTIONS: Record<string, (value: number) => number> = {
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
}

/** Functions of a time in seconds, in UTC; without an argument, of the time of evaluation. */
export const DATE_FUNCTIONS: Record<string, (seconds: number) => number> = {
  year: (s) => utc(s).getUTCFullYear(),
  month: (s) => utc(s).getUTCMonth() + 1,
  day_of_month: (s) => utc(s).getUTCDate(),
  day_of_week: (s) => utc(s).getUTCDay(),
  day_of_year: (s) => {
    const date = utc(s)
    return Math.floor((date.getTime() - new Date(date).setUTCMonth(0, 1)) / 86_400_000) + 1
  },
  days_in_month: (s) => new Date(Date.UTC(utc(s).getUTCFullYear(), utc(s).getUTCMonth() + 1, 0)).getUTCDate(),
  hour: (s) => utc(s).getUTCHours(),
  minute: (s) => utc(s).getUTCMinutes(),
}

/** To the nearest multiple of `unit`, halves up. */
export function round(value: number, unit: number): number {
  const inverse = 1 / unit
  return Math.floor(value * inverse + 0.5) / inverse
}

/** Go's math.Pow, which has an answer where JavaScript has NaN. */
export function power(base: number, exponent: number): number {
  return base === 1 || (base === -1 && Math.abs(exponent) === Number.POSITIVE_INFINITY) ? 1 : base ** exponent
}
