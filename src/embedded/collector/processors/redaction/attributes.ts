import { stringOf } from '../../../../otlp/attributes.ts'
import type { KeyValue } from '../../../../otlp/types.ts'
import { type Did, type Rules, summarized } from './rules.ts'

export function redactAttributes(attributes: readonly KeyValue[], rules: Rules): KeyValue[] {
  const done: Record<Did, string[]> = { redacted: [], masked: [], allowed: [], ignored: [] }
  const kept = attributes.flatMap((pair): KeyValue[] => {
    const { key, value } = pair
    if (rules.ignores(key)) {
      done.ignored.push(key)
      return [pair]
    }
    if (rules.removes(key)) {
      done.redacted.push(key)
      return []
    }
    // What is no text reads as an empty one, unless all types are asked for.
    const text = rules.allTypes ? stringOf(value) : typeof value === 'string' ? value : ''
    if (rules.allows(text)) {
      done.allowed.push(key)
      return [pair]
    }
    const written = rules.masksKey(key) ? rules.mask(text) : rules.maskParts(text)
    if (rules.masksKey(key) || written !== text) done.masked.push(key)
    else return [pair]
    return [{ key, value: written }]
  })
  return summarized(kept, done, rules, '')
}
