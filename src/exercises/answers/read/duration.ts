import { numberAt, theOne, valuesOf, type Within, wordsToDigits } from './number.ts'
import { plain, type Read, read, type Unreadable, unfit, unreadable } from './read.ts'

const UNITS: readonly [names: RegExp, ms: number, short: string][] = [
  [/^(ns|nanos?|nanosecs?|nanoseconds?)$/, 1e-6, 'ns'],
  [/^(us|μs|micros?|microsecs?|microseconds?)$/, 1e-3, 'us'],
  [/^(ms|msecs?|millis?|millisecs?|milliseconds?|millisekunden?|millisecondes?|milisegundos?)$/, 1, 'ms'],
  [/^(s|secs?|sek|seconds?|sekunden?|secondes?|segundos?|secondi)$/, 1000, 's'],
  [/^(m|mins?|minutes?|minuten?|minutos?|minuti)$/, 60_000, 'm'],
  [/^(h|hrs?|hours?)$/, 3_600_000, 'h'],
]

const FORMS = 'Write a number and its unit, such as 1.2s or 1200ms'

/** What people put around a duration, and what adds nothing to it. */
const BEFORE =
  /^(?:(?:it|the app|the run|app|run|this|that|they|took|takes|taken|was|is|lasted|ran|for|after|about|around|roughly|approximately|approx|circa|ca|some|exactly|total|duration|real|elapsed|time)\b[.:=]?|[~≈=:]) */i
const AFTER =
  /(?: *(?:\b(?:long|in total|total|elapsed|or so|roughly|approximately|approx\.?|ca\.?|to (?:finish|complete|run)|wall[- ]clock(?: time)?)|[.!?,;]))+ *$/i

/**
 * A length of time in milliseconds: `1.2s`, `1200 ms`, `1,2 s`, `1m2s`, `1 min 2 s`, `0:01.2`, `PT1.2S`, `about 1.2
 * seconds`, `real 0m1.2s`. A number without its unit is read when only one unit keeps it `within` the question.
 */
export function readDuration(text: string, { within }: { within?: Within } = {}): Read<number> {
  const bad = unfit(text)
  if (bad) return bad
  const given = bare(text)
  const refusal = notOneLength(given)
  if (refusal) return refusal
  return (iso(given) ?? clock(given) ?? noUnit(given, within) ?? terms(given, within)) as Read<number>
}

function bare(text: string): string {
  // What bash's `time` prints in three lines.
  let given = plain(text)
    .replace(/^(real .*?) user .*$/i, '$1')
    .replace(/^\+(?=[\d.])/, '')
    // What it is of: `1.2 s (root span)`.
    .replace(/ *\((?:the )?[a-z][a-z _-]*\)$/i, '')
  given = given.replace(AFTER, '')
  for (let before = ''; before !== given; ) {
    before = given
    given = given.replace(BEFORE, '')
  }
  return wordsToDigits(given.toLowerCase())
    .replace(/^an? (?=[a-z])/, '1 ')
    .replace(/^half an? /, '0.5 ')
}

const EXPONENT = /(?<=\d)e[+-]?\d+/g

/** What holds no length of time, or more than one. */
function notOneLength(given: string): Unreadable | undefined {
  if (/^[+]?-/.test(given)) return unreadable('negative', 'is below zero, and no time is', FORMS)
  if (/\b(nan|inf|infinity)\b/.test(given)) return unreadable('no-number', 'is no number', FORMS)
  if (/^[<>≤≥]|\b(less|more|under|over|below|above|at least|at most|up to|within|nearly|almost)\b/.test(given)) {
    return unreadable('bound', 'says a bound, not a value', 'Write the value itself, such as 1.2s')
  }
  if (/\d *(?:[a-zμ]+ *)?(?:-|\.\.+|±|\+\/-|\bto\b|\bor\b|\/) *\d/.test(given.replaceAll(EXPONENT, ''))) {
    return unreadable('several', 'holds more than one value', 'Write one, such as 1.2s')
  }
  if (!/\d/.test(given)) return unreadable('no-number', 'has no number in it', FORMS)
  return undefined
}

/** ISO 8601, as `PT1.2S`; years and months have no one length. */
function iso(given: string): Read<number> | undefined {
  if (!/^p(?:t|\d)/.test(given)) return undefined
  const parts = /^p(?:(\d+)d)?(?:t(?=\d)(?:(\d+(?:[.,]\d+)?)h)?(?:(\d+(?:[.,]\d+)?)m)?(?:(\d+(?:[.,]\d+)?)s)?)?$/.exec(
    given,
  )
  if (parts === null || given === 'p') {
    return unreadable('bad-iso', 'is no duration as ISO 8601 writes them', 'Such as PT1.2S or PT1M2S')
  }
  const [days, hours, minutes, seconds] = parts.slice(1).map((part) => Number((part ?? '0').replace(',', '.')))
  return read(exact(days! * 86_400_000 + hours! * 3_600_000 + minutes! * 60_000 + seconds! * 1000))
}

/** `0:01.2` and `0:00:01.2`, as `time` and stopwatches write it. */
function clock(given: string): Read<number> | undefined {
  if (!given.includes(':')) return undefined
  const parts = /^(?:(\d+):)?(\d+):(\d\d(?:[.,]\d+)?)$/.exec(given.replace(/ ?(s|h|min)$/, ''))
  const [hours, minutes, seconds] = parts ? parts.slice(1).map((part) => Number((part ?? '0').replace(',', '.'))) : []
  if (parts === null || seconds! >= 60 || (parts[1] !== undefined && (minutes! >= 60 || parts[2]!.length !== 2))) {
    return unreadable(
      'bad-clock',
      'is no length of time as a stopwatch shows it',
      'Minutes and seconds, such as 0:01.2; or 1.2s',
    )
  }
  return read(exact(hours! * 3_600_000 + minutes! * 60_000 + seconds! * 1000))
}

function noUnit(given: string, within: Within | undefined): Read<number> | undefined {
  if (numberAt(given, 0) !== given) return undefined
  const values = valuesOf(given)
  if (!values.ok) return values
  if (values.value.every((value) => value === 0)) return read(0)
  const inMs = [1000, 1].flatMap((unit) => values.value.map((value) => exact(value * unit)))
  const ways = [`${given}s`, `${given}ms`]
  const one = within ? theOne(inMs, within, ways) : undefined
  return one?.ok ? one : unreadable('no-unit', 'has no unit', `Write which you mean: ${ways.join(' or ')}`)
}

interface Term {
  values: number[]
  /** Of its unit. */
  ms: number
  text: string
  short: string
}

/** `1 min 2 s`: from the largest unit to the smallest, each once. */
function terms(given: string, within: Within | undefined): Read<number> {
  const found: Term[] = []
  let at = 0
  while (at < given.length) {
    const number = numberAt(given, at)
    if (number === '') return stray(given.slice(at))
    const values = valuesOf(number)
    if (!values.ok) return values
    const unit = /^ *([a-zμ]+)\.?/.exec(given.slice(at + number.length))
    if (unit === null) return unreadable('no-unit', `has no unit behind ${number}`, FORMS)
    const known = UNITS.find(([names]) => names.test(unit[1]!))
    if (known === undefined) return unreadable('bad-unit', `has a unit ${unit[1]}, which is none of time`, FORMS)
    found.push({ values: values.value, ms: known[1], text: number, short: known[2] })
    at += number.length + unit[0].length
    at += /^(?:,? and|,)? */.exec(given.slice(at))![0].length
  }
  const isPart = ({ values, ms }: Term, i: number) => {
    const before = found[i - 1]
    // `1.2s, 1200ms` is one length told twice, and `1m90s` who knows.
    return before === undefined || (values[0]! * ms < before.ms && Number.isInteger(before.values[0]))
  }
  if (!found.every(isPart)) {
    return unreadable('several', 'holds more than one value, or its parts in a wrong order', 'Write one, such as 1m2s')
  }
  if (found.length === 1) {
    const [{ values, ms, short }] = found as [Term]
    return theOne(
      values.map((value) => exact(value * ms)),
      within,
      values.map((value) => `${value}${short}`),
    )
  }
  const twofold = found.find(({ values }) => values.length > 1)
  if (twofold) return unreadable('ambiguous', `has ${twofold.text}, which may be ${twofold.values.join(' or ')}`, FORMS)
  return read(exact(found.reduce((sum, { values, ms }) => sum + values[0]! * ms, 0)))
}

function stray(rest: string): Unreadable {
  return unreadable('not-a-duration', `has "${rest.slice(0, 40)}" in it, which is no part of a length of time`, FORMS)
}

/** Without the noise of binary fractions; no clock here is finer than a nanosecond. */
const exact = (ms: number) => Math.round(ms * 1e6) / 1e6
