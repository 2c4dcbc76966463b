import { expect, test } from 'vitest'
import { type MomentScope, readMoment } from '../../../src/exercises/answers/read/moment.ts'
import { localZone } from '../../../src/exercises/answers/read/zone.ts'
import { wallAt } from '../../../src/util/time-zone.ts'
import { Random } from '../../support/random.ts'

const at = (text: string, scope: MomentScope) => {
  const given = readMoment(text, scope)
  return given.ok ? given.value : given.case
}
const utc = (text: string) => Date.parse(`${text}Z`)
/** 14:03:20 in Berlin, which is UTC+1 then. */
const since = utc('2026-11-28T13:03:20')
const berlin = { since, until: since + 10_000, zone: 'Europe/Berlin' }

test.each([
  '14:03:27',
  'at 14:03:27',
  'about 14:03:27',
  '~14:03:27',
  '14:03:27.0',
  '14:03:27,000',
  '2:03:27 PM',
  '2:03:27pm',
  '02:03:27 p.m.',
  '13:03:27 UTC',
  '13:03:27Z',
  '13:03:27 GMT',
  '1:03:27 PM UTC',
  '14:03:27+01:00',
  '14:03:27 +0100',
  '14:03:27 UTC+1',
  '15:03:27+02:00',
  '08:03:27-05:00',
  '18:33:27+05:30',
  '2026-11-28T13:03:27Z',
  '2026-11-28T13:03:27.000Z',
  '2026-11-28T14:03:27+01:00',
  '2026-11-28 14:03:27',
  '2026-11-28 14:03:27,000',
  '2026-11-28, 14:03:27',
  'Sat Nov 28 13:03:27 UTC 2026',
  'Sat Nov 28 01:03:27 PM UTC 2026',
  'Sat, 28 Nov 2026 13:03:27 GMT',
  'Nov 28, 2026 14:03:27',
  '28 November 2026 at 14:03:27',
  String((since + 7000) / 1000),
  `${(since + 7000) / 1000}.000`,
  `@${(since + 7000) / 1000}`,
  String(since + 7000),
  `${since + 7000}000`,
  `${since + 7000}000000`,
  '7s',
  '7000 ms',
  'after 7 s',
  '7 s after the start',
  "7s after the app's start",
  '7.0s since the start',
  '7 seconds later',
  '7 s in',
  '+7s',
  'T+7s',
  't=7s',
  'start + 7s',
  'in 7s',
  'today at 14:03:27',
  '14:03:27 or so',
  '14:03:27 Uhr',
  "14:03:27 o'clock",
  'Nov 28 14:03:27',
  '28 Nov 14:03:27',
  '28.11.2026 14:03:27',
  '28/11/2026 14:03:27',
  '11/28/2026 14:03:27',
  '14:03:27 local time',
  'PT7S',
])('the moment %j is 7 s after the start', (text) => {
  expect(at(text, berlin)).toBe(since + 7000)
})

test.each<[string, string]>([
  ['', 'empty'],
  ['later', 'no-number'],
  ['14:03', 'no-seconds'],
  ['2:03 PM', 'no-seconds'],
  ['25:61:99', 'no-such-time'],
  ['24:00:00', 'no-such-time'],
  ['14:60:00', 'no-such-time'],
  ['14:03:60', 'no-such-time'],
  ['13:03:27 PM', 'no-such-time'],
  ['0:03:27 PM', 'no-such-time'],
  ['14:3:27', 'no-such-time'],
  ['14:03:27:30', 'no-such-time'],
  ['-14:03:27', 'no-such-time'],
  ['14:03:27 CET', 'unknown-zone'],
  ['14:03:27 PST', 'unknown-zone'],
  ['14:03:27+25:00', 'no-such-zone'],
  ['2:03:27', 'half-day'],
  ['7/11/2026 14:03:27', 'date-order'],
  ['2026-02-30 14:03:27', 'no-such-day'],
  ['2026-13-01T14:03:27Z', 'no-such-day'],
  ['14:03:27 or 14:03:28', 'several'],
  ['14:03:27 - 14:03:29', 'several'],
  ['2026-11-28', 'several'],
  ['1.234.567', 'bad-number'],
  ['-3s', 'negative'],
  ['NaN', 'no-number'],
  ['3.1s after the end', 'other-origin'],
  ['3.1s ago', 'other-origin'],
  ['14h03m27s', 'too-far'],
  ['1000000000', 'not-this-year'],
  ['14.03.27', 'bad-number'],
  ['30', 'no-unit'],
  ['00:00:07', 'ambiguous'],
  ['0:00:07.5', 'ambiguous'],
])('the moment %j is refused: %s', (text, wanted) => {
  expect(at(text, berlin)).toBe(wanted)
})

test('noon and midnight are where twelve-hour clocks have them', () => {
  const noon = { since: utc('2026-11-28T11:59:58'), until: utc('2026-11-28T12:00:10'), zone: 'UTC' }
  expect(at('12:00:01 PM', noon)).toBe(utc('2026-11-28T12:00:01'))
  expect(at('12:00:01 AM', noon)).not.toBe(utc('2026-11-28T12:00:01'))
  const midnight = { since: utc('2026-11-27T23:59:58'), until: utc('2026-11-28T00:00:10'), zone: 'UTC' }
  expect(at('12:00:01 AM', midnight)).toBe(utc('2026-11-28T00:00:01'))
  expect(at('00:00:01', midnight)).toBe(utc('2026-11-28T00:00:01'))
  expect(at('11:59:59 PM', midnight)).toBe(utc('2026-11-27T23:59:59'))
  expect(at('23:59:59', midnight)).toBe(utc('2026-11-27T23:59:59'))
})

test('across midnight the day is the one nearest to the attempt, in any zone', () => {
  const tokyo = { since: utc('2026-12-31T14:59:58'), until: utc('2026-12-31T15:00:10'), zone: 'Asia/Tokyo' }
  expect(at('00:00:03', tokyo)).toBe(utc('2026-12-31T15:00:03'))
  expect(at('23:59:59', tokyo)).toBe(utc('2026-12-31T14:59:59'))
  expect(at('14:59:59 UTC', tokyo)).toBe(utc('2026-12-31T14:59:59'))
})

test('when clocks change, what was never shown is refused, and what was shown twice is the one of the attempt', () => {
  const forward = { since: utc('2026-03-29T00:59:58'), until: utc('2026-03-29T01:00:10'), zone: 'Europe/Berlin' }
  expect(at('2026-03-29 02:00:03', forward)).toBe('skipped')
  expect(at('03:00:03', forward)).toBe(utc('2026-03-29T01:00:03'))
  expect(at('01:59:59', forward)).toBe(utc('2026-03-29T00:59:59'))
  const first = { since: utc('2026-10-25T00:30:00'), until: utc('2026-10-25T00:30:20'), zone: 'Europe/Berlin' }
  expect(at('02:30:05', first)).toBe(utc('2026-10-25T00:30:05'))
  const second = { since: utc('2026-10-25T01:30:00'), until: utc('2026-10-25T01:30:20'), zone: 'Europe/Berlin' }
  expect(at('02:30:05', second)).toBe(utc('2026-10-25T01:30:05'))
  const both = { since: utc('2026-10-25T00:20:00'), until: utc('2026-10-25T01:40:00'), zone: 'Europe/Berlin' }
  expect(at('02:30:05', both)).toBe('twice')
  expect(at('01:30:05 UTC', both)).toBe(utc('2026-10-25T01:30:05'))
})

test("a time without a zone is of this machine's clock", () => {
  const now = Date.UTC(2026, 5, 1, 12, 0, 7)
  const { hour, minute, ms } = wallAt(localZone(), now)
  const two = (value: number) => String(value).padStart(2, '0')
  const text = `${two(hour)}:${two(minute)}:${two(ms / 1000)}`
  expect(at(text, { since: now - 5000, until: now + 5000 })).toBe(now)
  expect(at(new Date(now).toLocaleTimeString('en-GB'), { since: now - 5000, until: now + 5000 })).toBe(now)
})

test('whatever moment is written in whatever way and zone is read as that moment', () => {
  const random = new Random(3)
  const zones = ['UTC', 'Europe/Berlin', 'America/New_York', 'Asia/Kolkata', 'Australia/Lord_Howe', 'Pacific/Auckland']
  const two = (value: number) => String(value).padStart(2, '0')
  for (let i = 0; i < 120; i++) {
    const start = Date.UTC(2026, 0, 1) + random.below(365 * 86_400) * 1000
    const zone = random.pick(zones)
    const moment = start + random.below(20_000)
    const scope = { since: start, until: start + 20_000, zone }
    const { year, month, day, hour, minute, ms } = wallAt(zone, moment)
    const clock = `${two(minute)}:${two(Math.floor(ms / 1000))}.${String(moment % 1000).padStart(3, '0')}`
    const half = `${hour % 12 || 12}:${clock} ${hour < 12 ? 'AM' : 'PM'}`
    const date = `${year}-${two(month)}-${two(day)}`
    const texts = [
      `${two(hour)}:${clock}`,
      half,
      `${date} ${two(hour)}:${clock}`,
      `${date}T${two(hour)}:${clock}`,
      new Date(moment).toISOString(),
      `${new Date(moment).toISOString().slice(11, 23)} UTC`,
      `${(moment - start) / 1000}s after the start`,
      `${moment}`,
      `${moment / 1000}`.includes('.') ? `${moment / 1000}` : `${moment}`,
    ]
    for (const text of texts) expect(at(text, scope), `${text} in ${zone}`).toBeCloseTo(moment, 3)
  }
})

test('another digit is another moment, or none', () => {
  const random = new Random(4)
  for (let i = 0; i < 400; i++) {
    const text = random.pick([
      '14:03:27.5',
      '2:03:27 PM',
      '13:03:27Z',
      '15:03:27+02:00',
      '2026-11-28T13:03:27.25Z',
      '3.1s',
    ])
    const places = [...text.matchAll(/\d/g)].map(({ index }) => index)
    const place = random.pick(places)
    const other = `${text.slice(0, place)}${(Number(text[place]) + 1 + random.below(9)) % 10}${text.slice(place + 1)}`
    const [one, two] = [at(text, berlin), at(other, berlin)]
    expect(one, text).toBeTypeOf('number')
    expect(two, `${text} and ${other}`).not.toBe(one)
  }
})
