import { parseDuration } from '../util/duration.ts'

export interface GivenDuration {
  ms: number
  /** Whether a unit was written; a bare number is taken for seconds. */
  unit: boolean
}

const WORDS: [RegExp, string][] = [
  [/\b(milliseconds?|millis|msecs?)\b/g, 'ms'],
  [/\b(seconds?|secs?|sek)\b/g, 's'],
  [/\b(minutes?|mins?)\b/g, 'm'],
]

/** `1.2s`, `1200 ms`, `1,2 s`, `about 1.2 seconds`, `1m2s`, `0:01.2` (as `time` may write it), `1.2`. */
export function readDuration(text: string): GivenDuration | undefined {
  let plain = text.toLowerCase().replace(/^(~|≈|about|around|ca\.?|roughly|approx\.?|real)\s*/g, '')
  for (const [word, unit] of WORDS) plain = plain.replace(word, unit)
  plain = plain.replace(/(\d),(\d)/g, '$1.$2').replaceAll(/\s+/g, '')
  const clock = /^(\d+):(\d\d(?:\.\d+)?)$/.exec(plain)
  if (clock) return { ms: Number(clock[1]) * 60_000 + Number(clock[2]) * 1000, unit: true }
  if (/^\d+(\.\d+)?$/.test(plain)) return { ms: Number(plain) * 1000, unit: false }
  const ms = parseDuration(plain)
  return ms === undefined || ms < 0 ? undefined : { ms, unit: true }
}

/**
 * A moment: a time of day near `near` (in this machine's zone), a whole timestamp, or a time since `since`.
 * Milliseconds since the epoch.
 */
export function readMoment(text: string, { since }: { since: number }): number | undefined {
  const plain = text.trim().replace(',', '.')
  const clock = /^(?:at\s+)?(\d{1,2}):(\d\d):(\d\d(?:\.\d+)?)$/.exec(plain)
  if (clock) {
    const day = new Date(since)
    const second = Number(clock[3])
    const at = new Date(day.getFullYear(), day.getMonth(), day.getDate(), Number(clock[1]), Number(clock[2]), 0)
    const moment = at.getTime() + second * 1000
    // Past midnight.
    return moment < since - 12 * 3_600_000 ? moment + 24 * 3_600_000 : moment
  }
  if (/^\d{4}-\d\d-\d\d[T ]/.test(plain)) {
    const moment = Date.parse(plain)
    return Number.isNaN(moment) ? undefined : moment
  }
  const after = readDuration(plain.replace(/^(after|\+)\s*/i, '').replace(/\s*(after|later|in)\b.*$/i, ''))
  return after === undefined ? undefined : since + after.ms
}

/** Words that carry meaning, in small letters and without endings. */
export function stems(text: string): string[] {
  return (text.toLowerCase().match(/[a-z0-9]+/g) ?? []).map((word) =>
    word.length > 4 ? word.replace(/(ation|ions|ion|ing|ed|es|s)$/, '') : word,
  )
}
