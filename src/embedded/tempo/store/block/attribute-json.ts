import { stringOf } from '../../../../otlp/attributes.ts'
import type { AnyValue, KeyValue } from '../../../../otlp/types.ts'

/** Attributes as a JSON object. For people and SQL: numbers and texts as they are, all else as the collector would print it. */
export function attributeJson(list: readonly KeyValue[]): string {
  let text = ''
  for (let i = 0; i < list.length; i++) {
    const { key, value } = list[i]!
    if (isGivenAgain(list, i)) continue
    text += `${text === '' ? '{' : ','}${JSON.stringify(key)}:${plain(value)}`
  }
  return text === '' ? '{}' : `${text}}`
}

/** Of a key that is given twice the last value counts. */
function isGivenAgain(list: readonly KeyValue[], at: number): boolean {
  const { key } = list[at]!
  for (let i = at + 1; i < list.length; i++) if (list[i]!.key === key) return true
  return false
}

function plain(value: AnyValue): string {
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? String(value) : `"${value}"`
  if (typeof value === 'number') return Number.isFinite(value) ? String(value) : 'null'
  if (typeof value === 'boolean') return String(value)
  return JSON.stringify(typeof value === 'string' ? value : stringOf(value))
}
