import { fn, type TemplateFunction } from './function.ts'
import { DAYS, formatGoTime, type GoTime, goTime, MONTHS, UTC } from './time.ts'
import { show } from './values.ts'

/** Methods of time.Time that are of use in a line: `{{ (now).Format "15:04" }}`. */
export function timeMethods(time: GoTime): Record<string, TemplateFunction> {
  const millis = Number(time.nanos / 1_000_000n)
  const local = new Date(millis + time.zone.offsetAt(millis) * 1000)
  const number = (value: number | bigint) => fn('', () => BigInt(value))
  return {
    Format: fn('string', (layout: string) => formatGoTime(time, layout)),
    String: fn('', () => show(time)),
    UTC: fn('', () => goTime(time.nanos, UTC)),
    Unix: number(time.nanos / 1_000_000_000n),
    UnixMilli: number(time.nanos / 1_000_000n),
    UnixMicro: number(time.nanos / 1000n),
    UnixNano: number(time.nanos),
    Year: number(local.getUTCFullYear()),
    Month: fn('', () => MONTHS[local.getUTCMonth()]),
    Day: number(local.getUTCDate()),
    Weekday: fn('', () => DAYS[local.getUTCDay()]),
    Hour: number(local.getUTCHours()),
    Minute: number(local.getUTCMinutes()),
    Second: number(local.getUTCSeconds()),
    Nanosecond: number(((time.nanos % 1_000_000_000n) + 1_000_000_000n) % 1_000_000_000n),
  }
}
