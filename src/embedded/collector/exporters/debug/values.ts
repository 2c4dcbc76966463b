import { stringOf } from '../../../../otlp/attributes.ts'
import { type AnyValue, type KeyValue, KeyValueList } from '../../../../otlp/types.ts'

/** pcommon.Value with its type in front: `Str(GET)`, `Int(200)`, `Slice(["a"])`. */
export function typedValue(value: AnyValue): string {
  return `${typeOf(value)}(${stringOf(value)})`
}

function typeOf(value: AnyValue): string {
  if (value === null) return 'Empty'
  if (typeof value === 'string') return 'Str'
  if (typeof value === 'bigint') return 'Int'
  if (typeof value === 'number') return 'Double'
  if (typeof value === 'boolean') return 'Bool'
  if (value instanceof Uint8Array) return 'Bytes'
  return value instanceof KeyValueList ? 'Map' : 'Slice'
}

/** A header and a line for each attribute; nothing for none. What stands before the header's arrow indents them more. */
export function attributeLines(header: string, attributes: readonly KeyValue[]): string[] {
  if (attributes.length === 0) return []
  const before = header.includes('->') ? header.split('->')[0] : ''
  return [`${header}:`, ...attributes.map(({ key, value }) => `${before}     -> ${key}: ${typedValue(value)}`)]
}
