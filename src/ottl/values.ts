import { stringOf } from '../otlp/attributes.ts'
import { type AnyValue, KeyValueList } from '../otlp/types.ts'
import { formatDuration } from '../util/duration.ts'
import { formatTime } from '../util/go-format.ts'

/** A Go time.Time, in nanoseconds since the epoch. */
export class OttlTime {
  readonly ns: bigint
  constructor(ns: bigint) {
    this.ns = ns
  }
}

/** A Go time.Duration, in nanoseconds. */
export class OttlDuration {
  readonly ns: bigint
  constructor(ns: bigint) {
    this.ns = ns
  }
}

export type OttlValue = AnyValue | OttlTime | OttlDuration

/** How a value reads as a string (StringLikeGetter). */
export function textOf(value: OttlValue): string {
  if (value instanceof OttlTime) return formatTime(value.ns)
  if (value instanceof OttlDuration) return formatDuration(Number(value.ns) / 1e6)
  if (value instanceof Uint8Array) return Buffer.from(value).toString('hex')
  return stringOf(value)
}

export type Comparison = '==' | '!=' | '<' | '<=' | '>' | '>='

export function compare(a: OttlValue, b: OttlValue, op: Comparison): boolean {
  const order = orderOf(a, b)
  if (op === '==') return order === 0
  if (op === '!=') return order !== 0
  if (order === undefined) return false
  return op === '<' ? order < 0 : op === '<=' ? order <= 0 : op === '>' ? order > 0 : order >= 0
}

const isNumber = (value: OttlValue): value is number | bigint => typeof value === 'number' || typeof value === 'bigint'

function sign<T extends number | bigint | string>(a: T, b: T): number | undefined {
  return a < b ? -1 : a > b ? 1 : a >= b ? 0 : undefined
}

/** Undefined when the two cannot be compared; then only `!=` holds. */
function orderOf(a: OttlValue, b: OttlValue): number | undefined {
  if (a === null || b === null) return a === b ? 0 : undefined
  if (isNumber(a) && isNumber(b)) return sign<number | bigint>(a, b)
  if (typeof a === 'string' && typeof b === 'string') return sign(a, b)
  if (typeof a === 'boolean' && typeof b === 'boolean') return Number(a) - Number(b)
  if (a instanceof OttlTime && b instanceof OttlTime) return sign(a.ns, b.ns)
  if (a instanceof OttlDuration && b instanceof OttlDuration) return sign(a.ns, b.ns)
  if (a instanceof Uint8Array && b instanceof Uint8Array) return Buffer.compare(a, b)
  if (Array.isArray(a) && Array.isArray(b)) return stringOf(a) === stringOf(b) ? 0 : undefined
  if (a instanceof KeyValueList && b instanceof KeyValueList) return stringOf(a) === stringOf(b) ? 0 : undefined
  return undefined
}

export type Operator = '+' | '-' | '*' | '/'

export function calculate(a: OttlValue, b: OttlValue, op: Operator): OttlValue {
  if (typeof a === 'bigint' && typeof b === 'bigint') {
    if (op === '/') {
      if (b === 0n) throw new Error('attempted to divide by 0')
      return a / b
    }
    return op === '+' ? a + b : op === '-' ? a - b : a * b
  }
  if (isNumber(a) && isNumber(b)) {
    const [x, y] = [Number(a), Number(b)]
    return op === '+' ? x + y : op === '-' ? x - y : op === '*' ? x * y : x / y
  }
  const spans = b instanceof OttlDuration && (a instanceof OttlTime || a instanceof OttlDuration)
  if (spans && (op === '+' || op === '-')) {
    const ns = op === '+' ? a.ns + b.ns : a.ns - b.ns
    return a instanceof OttlTime ? new OttlTime(ns) : new OttlDuration(ns)
  }
  if (a instanceof OttlTime && b instanceof OttlTime && op === '-') return new OttlDuration(a.ns - b.ns)
  throw new Error(`unsupported type for ${op}: ${kindOf(a)} and ${kindOf(b)}`)
}

function kindOf(value: OttlValue): string {
  if (value === null) return 'nil'
  if (value instanceof OttlTime) return 'time.Time'
  if (value instanceof OttlDuration) return 'time.Duration'
  if (typeof value === 'bigint') return 'int64'
  return typeof value === 'number' ? 'float64' : typeof value
}

export function index(value: OttlValue, key: string | bigint): OttlValue {
  if (value instanceof KeyValueList && typeof key === 'string') {
    return value.values.find((pair) => pair.key === key)?.value ?? null
  }
  if (Array.isArray(value) && typeof key === 'bigint') return value[Number(key)] ?? null
  return null
}
