import { formatFloat } from '../../../../util/go-format.ts'
import { formatGoTime, type GoTime, isGoTime } from './time.ts'

/** What a template reckons with. A bigint is one of Go's integers, a number is a float64, undefined is nil. */
export type Value = string | bigint | number | boolean | GoTime | undefined | Value[] | ReadonlyMap<string, Value>

/** Names as Go's messages have them. */
export function typeName(value: Value): string {
  if (value === undefined) return '<nil>'
  if (typeof value === 'string') return 'string'
  if (typeof value === 'bigint') return 'int64'
  if (typeof value === 'number') return 'float64'
  if (typeof value === 'boolean') return 'bool'
  if (isGoTime(value)) return 'time.Time'
  return Array.isArray(value) ? '[]interface {}' : 'map[string]interface {}'
}

/** What `{{ value }}` and `%v` print. */
export function show(value: Value): string {
  if (value === undefined) return '<no value>'
  if (typeof value === 'string') return value
  if (typeof value === 'number') return formatFloat(value)
  if (typeof value === 'bigint' || typeof value === 'boolean') return String(value)
  if (isGoTime(value)) return formatGoTime(value, '2006-01-02 15:04:05.999999999 -0700 MST')
  if (Array.isArray(value)) return `[${value.map(showInner).join(' ')}]`
  const keys = [...(value as ReadonlyMap<string, Value>).keys()].sort()
  return `map[${keys.map((k) => `${k}:${showInner((value as ReadonlyMap<string, Value>).get(k))}`).join(' ')}]`
}

const showInner = (value: Value) => (value === undefined ? '<nil>' : show(value))

/** Whether `if` takes it for true; sprig's `default` asks the same. */
export function isTrue(value: Value): boolean {
  if (value === undefined) return false
  if (typeof value === 'string') return value !== ''
  if (typeof value === 'bigint') return value !== 0n
  if (typeof value === 'number') return value !== 0
  if (typeof value === 'boolean') return value
  if (isGoTime(value)) return true
  return Array.isArray(value) ? value.length > 0 : (value as ReadonlyMap<string, Value>).size > 0
}
