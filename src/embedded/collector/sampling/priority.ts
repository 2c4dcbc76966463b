import { attributeOf } from '../../../otlp/attributes.ts'
import type { AnyValue, LogRecord, Signal, Span } from '../../../otlp/types.ts'
import { ALWAYS, NEVER, thresholdOf } from './threshold.ts'

/** What an attribute of the item itself says of its sampling: the threshold that it asks for. */
export function priorityOf(
  settings: { sampling_priority: string; sampling_precision: number },
  signal: Signal,
): (item: Span | LogRecord) => bigint | undefined {
  if (signal === 'traces') return ({ attributes }) => ofSpan(attributeOf(attributes, 'sampling.priority'))
  const { sampling_priority: key, sampling_precision: precision } = settings
  if (key === '') return () => undefined
  return ({ attributes }) => {
    const percent = attributeOf(attributes, key)
    const number = typeof percent === 'bigint' || typeof percent === 'number' ? Number(percent) / 100 : 0
    return number === 0 ? undefined : thresholdOf(number, precision)
  }
}

/** 0 keeps it out, more keeps it in (OpenTracing's semantic conventions). */
function ofSpan(value: AnyValue | undefined): bigint | undefined {
  const written = typeof value === 'string' && /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(value)
  const number = typeof value === 'bigint' || typeof value === 'number' || written ? Number(value) : Number.NaN
  if (number === 0) return NEVER
  return number > 0 ? ALWAYS : undefined
}
