import { HttpRefusal } from '../../http.ts'
import { readDuration } from '../traceql/syntax/literals.ts'

/** Reads parameters as Tempo's pkg/api does; each refusal is a 400 with its words. */

const bad = (message: string) => new HttpRefusal(400, message)

/** Go's %q for what strconv complains of. */
const quoted = (text: string) => JSON.stringify(text)

/** An unsigned 32-bit integer; undefined when absent or empty. */
export function uint(params: URLSearchParams, name: string, label = name): number | undefined {
  const text = params.get(name) ?? ''
  if (text === '') return undefined
  const fail = (why: string) => bad(`invalid ${label}: strconv.ParseUint: parsing ${quoted(text)}: ${why}`)
  if (!/^\d+$/.test(text)) throw fail('invalid syntax')
  const value = Number(text)
  if (value > 0xffffffff) throw fail('value out of range')
  return value
}

export interface Window {
  startNanos: bigint
  endNanos: bigint
}

const MILLI = 1_000_000n

/**
 * The window of a search: both ends or neither, `since` before both, the end clamped to `now - cutoff`.
 * Milliseconds in, nanoseconds out.
 */
export function clampedWindow(params: URLSearchParams, now: number, lookback: number, cutoff: number): Window {
  const fail = (why: string) => bad(`error parsing date range: ${why}`)
  const nowNanos = BigInt(Math.trunc(now)) * MILLI
  const latest = nowNanos - BigInt(Math.trunc(cutoff)) * MILLI
  const earliest = nowNanos - BigInt(Math.trunc(lookback)) * MILLI
  const since = params.get('since') ?? ''
  if (since !== '') {
    const duration = readDuration(since)
    if (duration === undefined) {
      throw fail(`could not parse 'since' parameter: not a valid duration string: ${quoted(since)}`)
    }
    return { startNanos: latest - duration, endNanos: latest }
  }
  const start = params.get('start') ?? ''
  const end = params.get('end') ?? ''
  if (start === '' && end === '') return { startNanos: earliest, endNanos: latest }
  if (start === '' || end === '') throw fail('only one of start and end provided: must provide both or neither')
  const window = { startNanos: timestamp(start, 'start', fail), endNanos: timestamp(end, 'end', fail) }
  if (window.endNanos > latest) {
    window.endNanos = latest
    // The clamp may have moved the end before the start.
    if (window.startNanos > latest) window.startNanos = earliest
  }
  return window
}

/** Whole or fractional seconds, nanoseconds (more than ten digits) or RFC 3339. */
export function timestamp(text: string, name: string, fail: (why: string) => Error): bigint {
  if (/^\d+\.\d+$/.test(text)) return BigInt(Math.round(Number(text) * 1000)) * MILLI
  if (/^[+-]?\d+$/.test(text)) return text.length <= 10 ? BigInt(text) * 1_000_000_000n : BigInt(text)
  const [, whole, fraction = ''] = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d+))?(?:Z|[+-]\d\d:\d\d)$/.exec(text) ?? []
  const millis = whole === undefined ? Number.NaN : Date.parse(whole + text.slice(whole.length).replace(/^\.\d+/, ''))
  if (Number.isNaN(millis)) {
    throw fail(`could not parse '${name}' parameter: strconv.ParseInt: parsing ${quoted(text)}: invalid syntax`)
  }
  // Date knows milliseconds only.
  return BigInt(millis) * MILLI + BigInt(fraction.slice(0, 9).padEnd(9, '0'))
}

/** Go's time.ParseDuration, in milliseconds; undefined when absent. */
export function milliseconds(params: URLSearchParams, name: string): number | undefined {
  const text = params.get(name) ?? ''
  if (text === '') return undefined
  const nanos = text === '0' ? 0n : /[dwy]/.test(text) ? undefined : readDuration(text)
  if (nanos === undefined) throw bad(`invalid ${name}: time: invalid duration ${quoted(text)}`)
  return Number(nanos) / 1e6
}
