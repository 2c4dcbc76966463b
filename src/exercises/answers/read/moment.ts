import { utcOf, type Wall, wallAt } from '../../../util/time-zone.ts'
import { readDuration } from './duration.ts'
import type { Within } from './number.ts'
import { plain, type Read, read, type Unreadable, unfit, unreadable } from './read.ts'
import { isReal, localZone, momentsAt } from './zone.ts'

export interface MomentScope {
  /** The attempt's start: what times since then count from, and the day that a time of day is of. */
  since: number
  /** The latest moment that can be meant, such as now. */
  until: number
  /** Of a clock time that names none; this machine's unless said. */
  zone?: string
}

const HOUR = 3_600_000
/** Nothing appears sooner; what is shorter without its unit is asked for. */
const LEAST_MS = 100
const FORMS = 'Write a time of day such as 14:03:27, or seconds since the app started such as 3.1s after the start'

/**
 * A moment in milliseconds since the epoch: a time of day (`14:03:27.5`, `2:03:27 PM`, `14:03:27 UTC`,
 * `14:03:27+02:00`), a timestamp (ISO 8601, `Sat Nov 28 14:03:27 UTC 2026`, or since the epoch), or a time since the
 * attempt began (`3.1s after the start`).
 */
export function readMoment(text: string, scope: MomentScope): Read<number> {
  const bad = unfit(text)
  if (bad) return bad
  const given = plain(text)
    .replace(
      /^(?:(?:it|the trace|trace|appeared|seen|was|today|at|on|about|around|roughly|approx\.?|ca\.?|[~≈])(?:\s+|(?<=[~≈])))+/i,
      '',
    )
    .replace(/ local(?: time)?$/i, '')
    .replace(/(?<=\d:\d.*\d) ?(?:or so|and a bit|h|uhr|o'?clock|hrs?)$/i, '')
    .replace(/(?<=\d{2})[.!?]$/, '')
  return sinceEpoch(given, scope) ?? clockTime(given, scope) ?? sinceStart(given, scope)
}

/** Seconds, milliseconds, microseconds or nanoseconds since the epoch: which one is seen by their number of digits. */
function sinceEpoch(given: string, { since }: MomentScope): Read<number> | undefined {
  const parts = /^@?(\d{10}|\d{13}|\d{16}|\d{19})(\.\d+)?$/.exec(given)
  if (parts === null) return undefined
  const [, whole, fraction = ''] = parts as unknown as [string, string, string?]
  const ms = Number(`${whole}${fraction}e${13 - whole.length}`)
  if (Math.abs(ms - since) < 366 * 24 * HOUR) return read(ms)
  return unreadable('not-this-year', 'is, as a time since the epoch, more than a year away from this attempt', FORMS)
}

const MONTHS = 'jan feb mar apr may jun jul aug sep oct nov dec'.split(' ')
const DATES: readonly RegExp[] = [
  /^(?<year>\d{4})-(?<month>\d\d)-(?<day>\d\d)(?:t| +|, *)/,
  // The day is first where points part them, and where the other cannot be one.
  /^(?<day>\d{1,2})\.(?<month>\d{1,2})\.(?<year>\d{4}),? +/,
  /^(?<day>1[3-9]|2\d|3[01])\/(?<month>\d{1,2})\/(?<year>\d{4}),? +/,
  /^(?<month>\d{1,2})\/(?<day>1[3-9]|2\d|3[01])\/(?<year>\d{4}),? +/,
  // As `date` and mail write it.
  /^(?:[a-z]{3,9},? +)?(?<day>\d{1,2}) (?<name>[a-z]{3})[a-z]*\.? (?<year>\d{4}),? +(?:at )?/,
  /^(?:[a-z]{3,9},? +)?(?<name>[a-z]{3})[a-z]*\.? (?<day>\d{1,2}),? (?<year>\d{4}),? +(?:at )?/,
  /^(?:[a-z]{3,9},? +)?(?<name>[a-z]{3})[a-z]*\.? (?<day>\d{1,2}),? +(?=.*(?<year>\d{4})$)/,
  // As system logs write it, without the year.
  /^(?:[a-z]{3,9},? +)?(?<name>[a-z]{3})[a-z]*\.? +(?<day>\d{1,2}),? +(?=\d{1,2}:)/,
  /^(?:[a-z]{3,9},? +)?(?<day>\d{1,2}) (?<name>[a-z]{3})[a-z]*\.?,? +(?=\d{1,2}:)/,
]
const TIME =
  /^(?<hour>\d{1,2})(?<zero>):(?<minute>\d\d)(?::(?<second>\d\d)(?:[.,](?<part>\d{1,9}))?)? ?(?<half>[ap]\.?m\.?)? ?(?:\(?(?<zone>z|utc|gmt)\)?)?(?<offset>(?<=\d|utc|gmt|m)[ ]?[+-]\d{1,2}(?::?\d\d)?)?(?: \d{4})?$/

function clockTime(given: string, scope: MomentScope): Read<number> | undefined {
  if (!given.includes(':')) return undefined
  const small = given.toLowerCase()
  const dated = DATES.map((date) => date.exec(small)).find((found) => found !== null)
  const time = TIME.exec(dated ? small.slice(dated[0].length) : small)?.groups
  // The pattern for a year at the end is for dates that want one.
  if (time === undefined || (/ \d{4}$/.test(small) && dated?.groups?.year !== small.slice(-4))) return whyNoClock(small)
  if (time.second === undefined) {
    return unreadable(
      'no-seconds',
      'has no seconds, and a minute is too long to say when',
      'Write them too, such as 14:03:27',
    )
  }
  const hour = hourOf(Number(time.hour), time.half?.[0])
  const day = dayOf(dated?.groups, scope.since)
  const ms = Math.round(Number(`${time.second}.${time.part ?? '0'}`) * 1e6) / 1e3
  const clock = { hour: hour ?? 99, minute: Number(time.minute), ms }
  if (hour === undefined || !isReal({ year: 2000, month: 1, day: 1, ...clock })) {
    return unreadable('no-such-time', 'is no time that a clock shows', FORMS)
  }
  if (day && !isReal({ ...day, ...clock })) return unreadable('no-such-day', 'is of a day that no calendar has', FORMS)
  const zone = zoneOf(time, scope)
  if (typeof zone !== 'string' && typeof zone !== 'number') return zone
  return nearest(zone, clock, day, scope, time.half !== undefined)
}

/** 12 AM is midnight, 12 PM is noon, and 13 PM is neither. */
function hourOf(hour: number, half: string | undefined): number | undefined {
  if (half === undefined) return hour
  if (hour < 1 || hour > 12) return undefined
  return (hour % 12) + (half === 'p' ? 12 : 0)
}

type Day = Pick<Wall, 'year' | 'month' | 'day'>

function dayOf(groups: Record<string, string | undefined> | undefined, since: number): Day | undefined {
  if (groups === undefined) return undefined
  const month = groups.name === undefined ? Number(groups.month) : MONTHS.indexOf(groups.name) + 1
  const year = groups.year === undefined ? new Date(since).getUTCFullYear() : Number(groups.year)
  return { year, month, day: Number(groups.day) }
}

/** A zone by its name, or minutes ahead of UTC. */
function zoneOf(
  { zone, offset }: Record<string, string | undefined>,
  scope: MomentScope,
): string | number | Unreadable {
  if (offset === undefined) return zone === undefined ? (scope.zone ?? localZone()) : 0
  const [, sign, hours, minutes = '0'] = /([+-])(\d{1,2}):?(\d\d)?/.exec(offset)!
  const ahead = (Number(hours) * 60 + Number(minutes)) * (sign === '-' ? -1 : 1)
  if (Math.abs(ahead) <= 14 * 60 && Number(minutes) < 60) return ahead
  return unreadable('no-such-zone', 'is in a zone that there is not', 'Offsets go from -12:00 to +14:00')
}

/** Of the days that may be meant, the one on which it is nearest to the attempt. */
function nearest(
  zone: string | number,
  clock: Omit<Wall, keyof Day>,
  day: Day | undefined,
  scope: MomentScope,
  halved: boolean,
): Read<number> {
  const at = (wall: Wall) => (typeof zone === 'string' ? momentsAt(zone, wall) : [utcOf(wall) - zone * 60_000])
  const { since, until } = scope
  const away = (moment: number) => Math.max(0, since - moment, moment - until)
  const days = day ? [day] : [-1, 0, 1].map((shift) => shifted(zone, since, shift))
  const moments = days.flatMap((one) => at({ ...one, ...clock })).sort((a, b) => away(a) - away(b))
  const [first, second] = moments
  if (first === undefined) {
    return unreadable('skipped', 'was shown by no clock here: they went from standard time to summer time then', FORMS)
  }
  if (second !== undefined && away(first) === 0 && away(second) === 0) {
    return unreadable('twice', 'was shown twice when clocks went back', 'Write it in UTC, such as 14:03:27 UTC')
  }
  // 00:00:03 may be the third second of the day, or of the attempt.
  const elapsed = (clock.hour * 60 + clock.minute) * 60_000 + clock.ms
  if (!halved && !day && typeof zone === 'string' && away(first) > HOUR && elapsed <= until - since + LEAST_MS) {
    const instead = 'Write 3.1s after the start, or the time of day such as 14:03:27'
    return unreadable('ambiguous', 'may be a time of day or a time since the start', instead)
  }
  // 2:03 that should be 14:03.
  if (!halved && !day && typeof zone === 'string' && away(first) > HOUR && clock.hour <= 12) {
    const other = days.flatMap((one) => at({ ...one, ...clock, hour: (clock.hour + 12) % 24 }))
    if (other.some((moment) => away(moment) < HOUR / 4)) {
      return unreadable(
        'half-day',
        'is twelve hours away from this attempt',
        'Write AM or PM behind it, or the hour from 0 to 23',
      )
    }
  }
  return read(first)
}

function shifted(zone: string | number, since: number, days: number): Day {
  const moment = since + days * 24 * HOUR
  const wall = typeof zone === 'string' ? wallAt(zone, moment) : wallAt('UTC', moment + zone * 60_000)
  return { year: wall.year, month: wall.month, day: wall.day }
}

function whyNoClock(small: string): Unreadable {
  const zone = /\d ?(?:[ap]m )?\(?([a-z]{2,5})\)?$/.exec(small)?.[1]
  if (zone && !/^[ap]m$/.test(zone)) {
    return unreadable(
      'unknown-zone',
      `ends in ${zone.toUpperCase()}, and such names stand for several zones`,
      'Write UTC, or an offset such as +02:00',
    )
  }
  if (/^\d{1,2}[./]\d{1,2}[./]\d{2,4}\b/.test(small)) {
    return unreadable(
      'date-order',
      'has a date of which day and month cannot be told apart',
      'Write it as 2026-11-28 14:03:27',
    )
  }
  if (/\d *(?:-|\bto\b|\bor\b|\band\b) *\d{1,2}:/.test(small)) {
    return unreadable('several', 'holds more than one time', 'Write one, such as 14:03:27')
  }
  return unreadable('no-such-time', 'is no time that a clock shows', FORMS)
}

const START =
  /^(?:after|in|\+|t ?[+=]|start ?\+|since the start:?|from the start:?)? *(.+?)(?: *(?:after (?:the )?(?:app(?:'s)? )?(?:run )?(?:start(?:ed|ing)?|begin(?:ning)?|began|it (?:started|began)|launch)|since (?:the )?(?:app )?start(?:ed)?|from (?:the )?(?:app(?:'s)? )?start|after(?:wards)?|later|in))?$/i

function sinceStart(given: string, { since, until }: MomentScope): Read<number> {
  if (/\b(end|ended|exit|exited|finish\w*|done|before|ago|now|processing)\b/i.test(given)) {
    return unreadable('other-origin', "does not count from the app's start", FORMS)
  }
  const within: Within = [LEAST_MS, Math.max(until - since, 1000) + 1000]
  const length = readDuration(START.exec(given)?.[1] ?? given, { within })
  if (!length.ok) return { ...length, instead: length.case === 'no-unit' ? length.instead! : FORMS }
  if (length.value <= Math.max(until - since, 10_000) + HOUR) return read(since + length.value)
  return unreadable('too-far', "is, counted from the app's start, later than now", FORMS)
}
