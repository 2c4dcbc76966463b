import { stringOf } from '../../../../otlp/attributes.ts'
import { type AnyValue, KeyValueList, type LogRecord } from '../../../../otlp/types.ts'
import { type Did, type Rules, summarized } from './rules.ts'

/** The same for a log record's body, however deep; its attributes tell what was done. */
export function redactBody(log: LogRecord, rules: Rules): LogRecord {
  const done: Record<Did, string[]> = { redacted: [], masked: [], allowed: [], ignored: [] }

  const visit = (value: AnyValue, path: string): AnyValue => {
    if (value instanceof KeyValueList) return map(value, path)
    if (Array.isArray(value)) return value.map((item, i) => visit(item, path === '' ? `[${i}]` : `${path}.[${i}]`))
    const text = stringOf(value)
    const name = path === '' ? 'body' : path
    if (rules.allows(text)) {
      // A body that is let pass whole is not told of, in the real one either.
      if (path !== '') done.allowed.push(name)
      return value
    }
    const written = rules.maskParts(text)
    if (written === text) return value
    done.masked.push(name)
    return written
  }
  const map = ({ values }: KeyValueList, path: string): KeyValueList => {
    const removed: string[] = []
    const pairs = values.flatMap(({ key, value }) => {
      const name = path === '' ? key : `${path}.${key}`
      if (rules.ignores(key)) {
        done.ignored.push(name)
        return [{ key, value }]
      }
      if (rules.removes(key)) {
        removed.push(name)
        return []
      }
      if (!rules.masksKey(key)) return [{ key, value: visit(value, name) }]
      done.masked.push(name)
      return [{ key, value: rules.mask(typeof value === 'string' ? value : '') }]
    })
    done.redacted.push(...removed)
    return new KeyValueList(pairs)
  }
  const body = visit(log.body, '')
  return { ...log, body, attributes: summarized(log.attributes, done, rules, 'body.') }
}
