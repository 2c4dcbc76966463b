import { component } from '../component.ts'
import { bool, float, int, oneOf, string, struct, uint32 } from '../schema.ts'

const MIN_PERCENTAGE = 100 / 2 ** 56
const SOURCES = ['traceID', 'record']

/** Keeps a share of traces or log records, by a number that each has. */
export const probabilisticSamplerProcessor = component({
  kind: 'processor',
  type: 'probabilistic_sampler',
  signals: ['traces', 'logs'],
  schema: struct(
    'probabilisticsamplerprocessor.Config',
    {
      sampling_percentage: float(0, 'float32'),
      hash_seed: uint32(),
      mode: oneOf(['hash_seed', 'equalizing', 'proportional', ''], '', (text) => `unsupported sampler mode "${text}"`),
      fail_closed: bool(true),
      sampling_precision: int(4),
      attribute_source: string('traceID'),
      from_attribute: string(),
      sampling_priority: string(),
    },
    function* (s) {
      const percentage = s.sampling_percentage
      if (!Number.isFinite(percentage)) {
        const shown = Number.isNaN(percentage) ? 'NaN' : percentage > 0 ? '+Inf' : '-Inf'
        return yield { message: `sampling rate is invalid: ${shown}%`, key: ['sampling_percentage'] }
      }
      if (percentage < 0) {
        return yield {
          message: `sampling rate is negative: ${percentage.toFixed(6)}%`,
          key: ['sampling_percentage'],
        }
      }
      if (percentage > 0 && percentage < MIN_PERCENTAGE) {
        return yield { message: `sampling rate is too small: ${percentage}%`, key: ['sampling_percentage'] }
      }
      if (s.attribute_source !== '' && !SOURCES.includes(s.attribute_source)) {
        const words = `invalid attribute source: ${s.attribute_source}. Expected: traceID or record`
        return yield { message: words, key: ['attribute_source'] }
      }
      if (s.sampling_precision === 0) {
        yield { message: 'invalid sampling precision: 0', key: ['sampling_precision'] }
      } else if (s.sampling_precision > 14) {
        const words = `sampling precision is too great, should be <= 14: ${s.sampling_precision}`
        yield { message: words, key: ['sampling_precision'] }
      }
    },
  ),
})
