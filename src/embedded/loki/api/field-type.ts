import { parseBytes } from '../../../util/bytes.ts'
import { parseDuration } from '../../../util/duration.ts'

const BOOLEANS = new Set(['1', 't', 'T', 'TRUE', 'true', 'True', '0', 'f', 'F', 'FALSE', 'false', 'False'])

/** What Loki takes a detected field's value for. */
export function fieldType(value: string): string {
  if (/^[+-]?\d{1,19}$/.test(value)) return 'int'
  if (/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(value) || /^[+-]?(inf(inity)?|nan)$/i.test(value)) return 'float'
  if (BOOLEANS.has(value)) return 'boolean'
  if (parseDuration(value) !== undefined) return 'duration'
  return parseBytes(value) === undefined ? 'string' : 'bytes'
}
