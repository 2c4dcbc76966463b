import { stringOf } from '../otlp/attributes.ts'
import { type AnyValue, KeyValueList } from '../otlp/types.ts'
import { formatDuration } from '../util/duration.ts'
import { formatTime } from '../util/go-format.ts'

/** A Go time.Time, in nanoseconds since the epoch, and the offset of the zone it is told in. */
export class OttlTime {
  readonly ns: bigint
  readonly offsetMinutes: number
  readonly zone: string
  constructor(ns: bigint, offsetMinutes = 0, zone = 'UTC') {
    this.ns = ns
    this.offsetMinutes = offsetMinutes
    this.zone = zone
  }
}

/** A Go time.Duration, in nanoseconds. */
export class OttlDuration {
  readonly ns: bigint
  constructor(ns: bigint) {
    this.ns = ns
  }
}

/** A pcommon.TraceID and its like: no bytes to Go, though made of them. */
export class OttlId {
  readonly go: 'pcommon.TraceID' | 'pcommon.SpanID' | 'pprofile.ProfileID'
  readonly hex: string
  constructor(go: OttlId['go'], hex: string) {
    this.go = go
    this.hex = hex
  }
}

/** What a path leads to and no function looks into, such as a span's events: it can be counted, and put in the place of another. */
export class OttlStructure {
  readonly go: string
  readonly value: object
  constructor(go: string, value: object) {
    this.go = go
    this.value = value
  }
}

/** A list as a statement has it written ([]any): unlike one of the telemetry it can become an element of another. */
export class WrittenList extends Array<AnyValue> {
  static override get [Symbol.species]() {
    return Array
  }
}

export type OttlValue = AnyValue | OttlTime | OttlDuration | OttlId | OttlStructure

/** How a value reads as a string (StringLikeGetter). */
export function textOf(value: OttlValue): string {
  if (value instanceof OttlTime) return formatTime(value.ns)
  if (value instanceof OttlDuration) return formatDuration(Number(value.ns) / 1e6)
  if (value instanceof Uint8Array) return Buffer.from(value).toString('hex')
  if (value instanceof OttlId) return value.hex
  if (value instanceof OttlStructure) return ''
  return stringOf(value)
}

/** Go's name of a value's type, as its messages have it. */
export function goTypeOf(value: OttlValue | undefined): string {
  if (value === null || value === undefined) return 'nil'
  if (value instanceof OttlTime) return 'time.Time'
  if (value instanceof OttlDuration) return 'time.Duration'
  if (value instanceof OttlId || value instanceof OttlStructure) return value.go
  if (value instanceof KeyValueList) return 'pcommon.Map'
  if (Array.isArray(value)) return 'pcommon.Slice'
  if (value instanceof Uint8Array) return '[]uint8'
  if (typeof value === 'bigint') return 'int64'
  if (typeof value === 'number') return 'float64'
  return typeof value === 'boolean' ? 'bool' : 'string'
}

/** pdata's name of what an attribute holds (pcommon.ValueType). */
export function valueTypeOf(value: AnyValue): string {
  if (value === null) return 'Empty'
  if (value instanceof KeyValueList) return 'Map'
  if (Array.isArray(value)) return 'Slice'
  if (value instanceof Uint8Array) return 'Bytes'
  if (typeof value === 'bigint') return 'Int'
  if (typeof value === 'number') return 'Double'
  return typeof value === 'boolean' ? 'Bool' : 'Str'
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
  if (a instanceof OttlId && b instanceof OttlId) return a.go === b.go && a.hex === b.hex ? 0 : undefined
  if (a instanceof OttlStructure && b instanceof OttlStructure) return a.value === b.value ? 0 : undefined
  return isCollection(a) && isCollection(b) && sameValue(a, b) ? 0 : undefined
}

const isCollection = (value: OttlValue): value is AnyValue[] | KeyValueList =>
  Array.isArray(value) || value instanceof KeyValueList

/** Go's DeepEqual: 1 is not 1.0 in there. */
function sameValue(a: AnyValue, b: AnyValue): boolean {
  if (Array.isArray(a) && Array.isArray(b)) return a.length === b.length && a.every((one, i) => sameValue(one, b[i]!))
  if (a instanceof Uint8Array && b instanceof Uint8Array) return Buffer.compare(a, b) === 0
  if (!(a instanceof KeyValueList && b instanceof KeyValueList)) return a === b
  const other = new Map(b.values.map(({ key, value }) => [key, value]))
  return (
    a.values.length === b.values.length &&
    a.values.every(({ key, value }) => other.has(key) && sameValue(value, other.get(key)!))
  )
}

export type Operator = '+' | '-' | '*' | '/'

export function calculate(a: OttlValue, b: OttlValue, op: Operator): OttlValue {
  if (typeof a === 'bigint' && typeof b === 'bigint') {
    if (op === '/' && b === 0n) throw new Error('attempted to divide by 0')
    return BigInt.asIntN(64, op === '+' ? a + b : op === '-' ? a - b : op === '*' ? a * b : a / b)
  }
  if (isNumber(a) && isNumber(b)) {
    const [x, y] = [Number(a), Number(b)]
    if (op === '/' && y === 0) throw new Error('attempted to divide by 0')
    return op === '+' ? x + y : op === '-' ? x - y : op === '*' ? x * y : x / y
  }
  const spans = b instanceof OttlDuration && (a instanceof OttlTime || a instanceof OttlDuration)
  if (spans && (op === '+' || op === '-')) {
    const ns = op === '+' ? a.ns + b.ns : a.ns - b.ns
    return a instanceof OttlTime ? new OttlTime(ns) : new OttlDuration(ns)
  }
  if (a instanceof OttlDuration && b instanceof OttlTime && op === '+') return new OttlTime(a.ns + b.ns)
  if (a instanceof OttlTime && b instanceof OttlTime && op === '-') return new OttlDuration(a.ns - b.ns)
  throw new Error(mismatch(a, b, op))
}

/** What math.go says of what it cannot work out. */
function mismatch(a: OttlValue, b: OttlValue, op: Operator): string {
  const shown = (value: OttlValue) => (value === null ? '<nil>' : textOf(value))
  if (isNumber(a)) return `${shown(b)} must be int64 or float64`
  if (!(a instanceof OttlTime || a instanceof OttlDuration)) {
    return `${shown(a)} must be int64, float64, time.Time or time.Duration`
  }
  if (op === '*' || op === '/') return 'only addition and subtraction supported for time.Time and time.Duration'
  const other = a instanceof OttlTime ? 'time.Time' : 'time.Duration'
  return `${other} cannot be combined with ${shown(b)} by ${op}`
}
