import { parseDuration } from '../../util/duration.ts'
import { type FunctionTable, of } from '../function.ts'
import { OttlDuration, OttlTime, type OttlValue, textOf } from '../values.ts'

function timeOf(value: OttlValue): OttlTime {
  if (value instanceof OttlTime) return value
  throw new Error('expected time.Time')
}

const dateOf = (value: OttlValue) => new Date(Number(timeOf(value).ns / 1_000_000n))
const part = (read: (date: Date) => number) => of(([time]) => BigInt(read(dateOf(time!))))
const unix = (nsPerUnit: bigint) => of(([time]) => timeOf(time!).ns / nsPerUnit)

function lengthIn(nsPerUnit: number) {
  return of(([length]) => {
    if (length instanceof OttlDuration) return Number(length.ns) / nsPerUnit
    throw new Error('expected time.Duration')
  })
}

/** Go's Seconds, Minutes and Hours are floats, the smaller units whole numbers. */
function wholeIn(nsPerUnit: bigint) {
  return of(([length]) => {
    if (length instanceof OttlDuration) return length.ns / nsPerUnit
    throw new Error('expected time.Duration')
  })
}

export const TIMES: FunctionTable = {
  Now: of(() => new OttlTime(BigInt(Date.now()) * 1_000_000n)),
  Duration: of(([text]) => {
    const ms = parseDuration(textOf(text!))
    if (ms === undefined) throw new Error(`time: invalid duration ${JSON.stringify(textOf(text!))}`)
    return new OttlDuration(BigInt(Math.round(ms * 1e6)))
  }),
  Unix: of(([s, ns]) => new OttlTime(BigInt(s as bigint) * 1_000_000_000n + BigInt((ns as bigint) ?? 0n))),
  UnixSeconds: unix(1_000_000_000n),
  UnixMilli: unix(1_000_000n),
  UnixMicro: unix(1_000n),
  UnixNano: unix(1n),
  Hours: lengthIn(3.6e12),
  Minutes: lengthIn(6e10),
  Seconds: lengthIn(1e9),
  Milliseconds: wholeIn(1_000_000n),
  Microseconds: wholeIn(1_000n),
  Nanoseconds: wholeIn(1n),
  Year: part((date) => date.getUTCFullYear()),
  Month: part((date) => date.getUTCMonth() + 1),
  Day: part((date) => date.getUTCDate()),
  Hour: part((date) => date.getUTCHours()),
  Minute: part((date) => date.getUTCMinutes()),
  Second: part((date) => date.getUTCSeconds()),
  Nanosecond: of(([time]) => timeOf(time!).ns % 1_000_000_000n),
  TruncateTime: of(([time, step]) => {
    if (!(step instanceof OttlDuration)) throw new Error('expected duration')
    const { ns } = timeOf(time!)
    return step.ns <= 0n ? new OttlTime(ns) : new OttlTime(ns - (ns % step.ns))
  }),
  Weekday: part((date) => date.getUTCDay()),
}
