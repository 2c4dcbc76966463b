import { table } from './table.ts'

// Go's duration notation (time.ParseDuration), which all four configs and the query languages use.
// parse-duration and ms read other grammars (`1 hour`, `5` as milliseconds), so they are not used here.

const UNIT_MS: Record<string, number> = table({
  ns: 1e-6,
  us: 1e-3,
  µs: 1e-3,
  μs: 1e-3,
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
})

/**
 * `1h30m`, `250ms`, `1.5s`, `-2s`, `0` -> milliseconds (fractions below 1 ms are kept).
 * Undefined when the text is not a duration; a bare number other than 0 has no unit and is none.
 */
export function parseDuration(text: string): number | undefined {
  const signed = /^([-+]?)(.*)$/s.exec(text)!
  const rest = signed[2]!
  if (rest === '0') return 0
  // [-+]?([0-9]*(\.[0-9]*)?[a-z]+)+ with at least one digit in each term
  const term = /(\d+(?:\.\d*)?|\.\d+)(ns|us|µs|μs|ms|s|m|h)/y
  let total = 0
  let at = 0
  while (at < rest.length) {
    term.lastIndex = at
    const match = term.exec(rest)
    if (match === null) return undefined
    total += Number(match[1]) * UNIT_MS[match[2]!]!
    at = term.lastIndex
  }
  if (at === 0 || !Number.isFinite(total)) return undefined
  return signed[1] === '-' ? -total : total
}

/** Milliseconds -> what Go prints: `1h30m0s`, `1.5s`, `250ms`, `10µs`, `0s`. */
export function formatDuration(ms: number): string {
  if (ms < 0) return `-${formatDuration(-ms)}`
  const ns = Math.round(ms * 1e6)
  if (ns === 0) return '0s'
  if (ns < 1e3) return `${ns}ns`
  if (ns < 1e6) return `${ns / 1e3}µs`
  if (ns < 1e9) return `${ns / 1e6}ms`
  const seconds = Math.floor(ns / 1e9)
  const fraction = ns % 1e9
  const tail = `${seconds % 60}${fraction === 0 ? '' : `.${String(fraction).padStart(9, '0').replace(/0+$/, '')}`}s`
  const minutes = Math.floor(seconds / 60)
  if (minutes === 0) return tail
  return minutes < 60 ? `${minutes}m${tail}` : `${Math.floor(minutes / 60)}h${minutes % 60}m${tail}`
}
