import { toFloat, toInt } from './convert.ts'
import { type DecimalOperation, reckonDecimal } from './decimal.ts'
import { fn, type TemplateFunction } from './function.ts'
import { parseGoTime } from './parse-time.ts'
import { formatGoTime, type GoTime, goTime, isGoTime, UTC, ZERO_NANOS, zoneByName } from './time.ts'
import type { Value } from './values.ts'

const int64 = (value: bigint) => BigInt.asIntN(64, value)

function divide(a: Value, b: Value, remainder: boolean): bigint {
  const by = toInt(b)
  if (by === 0n) throw new Error('runtime error: integer divide by zero')
  return remainder ? toInt(a) % by : int64(toInt(a) / by)
}

/** sprig's round: up from a half, or from the share that is given. */
function round(value: Value, places: bigint, from: Value): number {
  const scale = 10 ** Number(places)
  const digit = scale * toFloat(value)
  const share = digit - Math.trunc(digit)
  const up = share >= (from === undefined ? 0.5 : toFloat(from))
  return (up ? Math.ceil(digit) : Math.floor(digit)) / scale
}

/** Functions on numbers, which sprig takes from any value, text too. */
export function numberFunctions(): Record<string, TemplateFunction> {
  const floats = (operation: DecimalOperation, start: number[] = []) =>
    fn('any...', (...values: Value[]) => reckonDecimal(operation, [...start, ...values.map(toFloat)]))
  const pick = (better: (a: bigint, b: bigint) => boolean) =>
    fn('any any...', (...values: Value[]) => values.map(toInt).reduce((a, b) => (better(b, a) ? b : a)))
  return {
    int: fn('any', toInt),
    float64: fn('any', toFloat),
    add: fn('any...', (...values: Value[]) => int64(values.reduce<bigint>((sum, v) => sum + toInt(v), 0n))),
    sub: fn('any any', (a: Value, b: Value) => int64(toInt(a) - toInt(b))),
    mul: fn('any any...', (...values: Value[]) => values.map(toInt).reduce((a, b) => int64(a * b))),
    div: fn('any any', (a: Value, b: Value) => divide(a, b, false)),
    mod: fn('any any', (a: Value, b: Value) => divide(a, b, true)),
    addf: floats('add', [0]),
    subf: floats('sub'),
    mulf: floats('mul'),
    divf: floats('div'),
    max: pick((a, b) => a > b),
    min: pick((a, b) => a < b),
    maxf: fn('any any...', (...values: Value[]) => Math.max(...values.map(toFloat))),
    minf: fn('any any...', (...values: Value[]) => Math.min(...values.map(toFloat))),
    ceil: fn('any', (v: Value) => Math.ceil(toFloat(v))),
    floor: fn('any', (v: Value) => Math.floor(toFloat(v))),
    round: fn('any int any...', round),
  }
}

/** Functions on times. `now` is the clock, in nanoseconds. */
export function timeFunctions(now: () => bigint): Record<string, TemplateFunction> {
  return {
    now: fn('', () => goTime(now())),
    date: fn('string any', (layout: string, value: Value) => formatGoTime(asTime(value, now), layout)),
    toDate: fn('string string', (layout: string, text: string) => parseGoTime(layout, text, UTC) ?? goTime(ZERO_NANOS)),
    toDateInZone: fn(
      'string string string',
      (layout: string, zone: string, text: string) => parseGoTime(layout, text, zoneByName(zone)) ?? goTime(ZERO_NANOS),
    ),
    unixEpoch: fn('time', (time: GoTime) => String(floorDivide(time.nanos, 1_000_000_000n))),
    unixEpochMillis: fn('time', (time: GoTime) => String(floorDivide(time.nanos, 1_000_000n))),
    unixEpochNanos: fn('time', (time: GoTime) => String(time.nanos)),
    unixToTime: fn('string', unixToTime),
  }
}

function floorDivide(value: bigint, by: bigint): bigint {
  return value / by - (value % by < 0n ? 1n : 0n)
}

function asTime(value: Value, now: () => bigint): GoTime {
  if (isGoTime(value)) return value
  return goTime(typeof value === 'bigint' ? value * 1_000_000_000n : now())
}

/** Days, seconds, milliseconds, microseconds or nanoseconds, told apart by how many digits they have. */
const EPOCH_UNITS: Record<number, bigint> = {
  5: 86_400_000_000_000n,
  10: 1_000_000_000n,
  13: 1_000_000n,
  16: 1000n,
  19: 1n,
}

function unixToTime(text: string): GoTime {
  if (!/^[-+]?\d+$/.test(text)) {
    throw new Error(`unable to parse time '${text}': strconv.ParseInt: parsing ${JSON.stringify(text)}: invalid syntax`)
  }
  const unit = EPOCH_UNITS[text.length]
  if (unit === undefined) throw new Error(`unable to parse time '${text}': %!w(<nil>)`)
  return goTime(BigInt(text) * unit)
}
