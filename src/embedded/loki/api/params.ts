import { HttpRefusal } from '../../http.ts'
import { modelDurationMs } from '../../series/model-duration.ts'
import { goQuote } from '../labels.ts'
import type { Direction } from '../logql/source.ts'

const SECOND = 1_000_000_000n
const HOUR = 3600n * SECOND
const MAX_STEPS = 11_000n
const INT64 = 2n ** 63n

export const refuse = (message: string): never => {
  throw new HttpRefusal(400, message)
}

/** Reads the parameters that Loki's query endpoints share (its pkg/loghttp/params.go); refuses in its words. */
export interface Params {
  query: string
  form: URLSearchParams
  nowNanos: bigint
}

export interface Bounds {
  startNanos: bigint
  endNanos: bigint
}

/** Math.min takes no bigint. */
export function earlier(a: bigint, b: bigint): bigint {
  if (a < b) return a
  return b
}

/** Nanoseconds, or seconds when there are at most ten digits or a point, or RFC 3339. */
export function parseTime(text: string | null, fallback: bigint): bigint {
  if (text === null || text === '') return fallback
  if (text.includes('.') && Number.isFinite(Number(text))) {
    const seconds = Number(text)
    const whole = Math.trunc(seconds)
    return int64(BigInt(whole) * SECOND + BigInt(Math.round((seconds - whole) * 1000)) * 1_000_000n, text)
  }
  if (/^[+-]?\d+$/.test(text)) {
    const value = BigInt(text)
    return int64(text.length <= 10 ? value * SECOND : value, text)
  }
  const match = /^(\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d)(?:[.,](\d{1,9})\d*)?([Zz]|[+-]\d\d:\d\d)$/.exec(text)
  const millis = match === null ? Number.NaN : Date.parse(`${match[1]}${match[3]}`)
  if (Number.isNaN(millis)) throw new Error(`strconv.ParseInt: parsing ${goQuote(text)}: invalid syntax`)
  return BigInt(millis) * 1_000_000n + BigInt((match![2] ?? '').padEnd(9, '0'))
}

function int64(value: bigint, text: string): bigint {
  if (value >= INT64 || value < -INT64)
    throw new Error(`strconv.ParseInt: parsing ${goQuote(text)}: value out of range`)
  return value
}

function timeParam({ form }: Params, name: string, fallback: bigint, where = ''): bigint {
  try {
    return parseTime(form.get(name), fallback)
  } catch (error) {
    return refuse(`${where}${(error as Error).message}`)
  }
}

export const instantParam = (params: Params): bigint => timeParam(params, 'time', params.nowNanos)

export function boundsParam(params: Params): Bounds {
  const { form, nowNanos } = params
  let since = HOUR
  const text = form.get('since')
  if (text) {
    const ms = modelDurationMs(text)
    if (ms === undefined)
      return refuse(`could not parse 'since' parameter: not a valid duration string: ${goQuote(text)}`)
    since = BigInt(ms) * 1_000_000n
  }
  const endNanos = timeParam(params, 'end', nowNanos, "could not parse 'end' parameter: ")
  const from = earlier(nowNanos, endNanos)
  return { startNanos: timeParam(params, 'start', from - since, "could not parse 'start' parameter: "), endNanos }
}

/** Bounds of which the end is not before the start. */
export function orderedBounds(params: Params): Bounds {
  const bounds = boundsParam(params)
  if (bounds.endNanos < bounds.startNanos) refuse('end timestamp must not be before or equal to start time')
  return bounds
}

export function intParam({ form }: Params, name: string, fallback: number): number {
  const text = form.get(name)
  if (text === null || text === '') return fallback
  if (!/^[+-]?\d+$/.test(text)) return refuse(`strconv.Atoi: parsing ${goQuote(text)}: invalid syntax`)
  return Number(text)
}

export function limitParam(params: Params, name = 'limit', fallback = 100): number {
  const limit = intParam(params, name, fallback)
  if (limit <= 0) refuse('limit must be a positive value')
  if (limit > 0xffffffff) refuse(`limit value ${limit} is out of range [0, ${0xffffffff}]`)
  return limit
}

export function directionParam({ form }: Params): Direction {
  const text = form.get('direction') || 'backward'
  const direction = text.toLowerCase()
  return direction === 'forward' || direction === 'backward' ? direction : refuse(`invalid direction '${text}'`)
}

/** Seconds as a number, or a Prometheus duration. */
function durationParam({ form }: Params, name: string): bigint | undefined {
  const text = form.get(name)
  if (text === null || text === '') return undefined
  if (text.trim() !== '' && !Number.isNaN(Number(text))) {
    const nanos = Number(text) * 1e9
    if (Math.abs(nanos) > 2 ** 63)
      return refuse(`cannot parse ${goQuote(text)} to a valid duration. It overflows int64`)
    return BigInt(Math.trunc(nanos))
  }
  const ms = modelDurationMs(text)
  if (ms === undefined) return refuse(`cannot parse ${goQuote(text)} to a valid duration`)
  return BigInt(ms) * 1_000_000n
}

export function stepParam(params: Params, { startNanos, endNanos }: Bounds): bigint {
  const automatic = (endNanos - startNanos) / SECOND / 250n
  const step = durationParam(params, 'step') ?? (automatic > 1n ? automatic : 1n) * SECOND
  if (step <= 0n) {
    return refuse('zero or negative query resolution step widths are not accepted. Try a positive integer')
  }
  if ((endNanos - startNanos) / step > MAX_STEPS) {
    refuse(
      'exceeded maximum resolution of 11,000 points per time series. Try increasing the value of the step parameter',
    )
  }
  return step
}

export function intervalParam(params: Params): bigint {
  const interval = durationParam(params, 'interval') ?? 0n
  return interval < 0n ? refuse('interval must be >= 0') : interval
}
