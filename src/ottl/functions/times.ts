import { parseDuration } from '../../util/duration.ts'
import { strftime, strptime, strptimeFault } from '../../util/strptime.ts'
import { zoneOffset } from '../../util/time-zone.ts'
import { arg, define, type Literals, type OttlFunction, opt } from '../function.ts'
import { OttlDuration, OttlTime } from '../values.ts'

/** As the clock of the time's own zone shows it. */
const part = (name: string, read: (date: Date) => number) =>
  define(name, [arg('Time', 'TimeGetter')], ([{ ns, offsetMinutes }]) =>
    BigInt(read(new Date(Number(ns / 1_000_000n) + offsetMinutes * 60_000))),
  )

/** Go's Seconds, Minutes and Hours are floats, the smaller units whole numbers. */
const lengthIn = (name: string, nsPerUnit: number) =>
  define(name, [arg('Duration', 'DurationGetter')], ([{ ns }]) => Number(ns) / nsPerUnit)
const wholeIn = (name: string, nsPerUnit: bigint) =>
  define(name, [arg('Duration', 'DurationGetter')], ([{ ns }]) => ns / nsPerUnit)
const unix = (name: string, nsPerUnit: bigint) =>
  define(name, [arg('Time', 'TimeGetter')], ([{ ns }]) => ns / nsPerUnit)

function checkFormat(format: unknown): void {
  if (typeof format !== 'string') return
  if (format === '') throw new Error('format cannot be nil')
  const fault = strptimeFault(format)
  if (fault !== undefined) throw new Error(fault)
}

function checkTime([, format, location]: Literals): void {
  if (format === '') throw new Error('format cannot be nil')
  const zone = typeof location === 'string' && location !== '' && location !== 'Local' ? location : undefined
  if (zone !== undefined && zoneOffset(zone, 0) === undefined) {
    throw new Error(`failed to load location ${zone}: unknown time zone ${zone}`)
  }
  checkFormat(format)
}

/** Go counts from the year 1, so that weeks begin on a Monday. */
const YEAR_ONE = 62_135_596_800_000_000_000n

export const TIMES: readonly OttlFunction[] = [
  define('Now', [], () => new OttlTime(BigInt(Date.now()) * 1_000_000n)),
  define('Duration', [arg('Duration', 'StringGetter')], ([text]) => {
    const ms = parseDuration(text)
    if (ms === undefined) throw new Error(`time: invalid duration ${JSON.stringify(text)}`)
    return new OttlDuration(BigInt(Math.round(ms * 1e6)))
  }),
  define(
    'Time',
    [arg('Time', 'StringGetter'), arg('Format', 'string'), opt('Location', 'string'), opt('Locale', 'string')],
    ([text, format, location]) => {
      if (text === '') throw new Error('time cannot be nil')
      const time = strptime(text, format, location || undefined, Date.now())
      return new OttlTime(time.ns, time.offsetMinutes, time.zone)
    },
    checkTime,
  ),
  define(
    'FormatTime',
    [arg('Time', 'TimeGetter'), arg('Format', 'string')],
    ([time, format]) => strftime(format, time),
    ([, format]) => checkFormat(format),
  ),
  define('Unix', [arg('Seconds', 'IntGetter'), opt('Nanoseconds', 'IntGetter')], ([seconds, nanos]) => {
    return new OttlTime(seconds * 1_000_000_000n + (nanos ?? 0n))
  }),
  unix('UnixSeconds', 1_000_000_000n),
  unix('UnixMilli', 1_000_000n),
  unix('UnixMicro', 1_000n),
  unix('UnixNano', 1n),
  lengthIn('Hours', 3.6e12),
  lengthIn('Minutes', 6e10),
  lengthIn('Seconds', 1e9),
  wholeIn('Milliseconds', 1_000_000n),
  wholeIn('Microseconds', 1_000n),
  wholeIn('Nanoseconds', 1n),
  part('Year', (date) => date.getUTCFullYear()),
  part('Month', (date) => date.getUTCMonth() + 1),
  part('Day', (date) => date.getUTCDate()),
  part('Hour', (date) => date.getUTCHours()),
  part('Minute', (date) => date.getUTCMinutes()),
  part('Second', (date) => date.getUTCSeconds()),
  part('Weekday', (date) => date.getUTCDay()),
  define('Nanosecond', [arg('Time', 'TimeGetter')], ([{ ns }]) => ns % 1_000_000_000n),
  define('TruncateTime', [arg('Time', 'TimeGetter'), arg('Duration', 'DurationGetter')], ([time, step]) => {
    if (step.ns <= 0n) return time
    return new OttlTime(time.ns - ((time.ns + YEAR_ONE) % step.ns), time.offsetMinutes, time.zone)
  }),
]
