import { bool, duration, float, int, maybe, off, on, oneOf, string, strings, struct } from '../schema.ts'

const SIZERS = ['requests', 'items', 'bytes']
const sizer = (value: string) => oneOf(SIZERS, value, (text) => `invalid sizer: ${JSON.stringify(text)}`)

/** exporterhelper/queuebatch. Off, on, or off until written, as the exporter has it. */
export function sendingQueue(start: 'off' | 'on') {
  const batch = struct(
    'queuebatch.BatchConfig',
    {
      flush_timeout: duration(200),
      sizer: sizer('items'),
      min_size: int(8192, 'int64'),
      max_size: int(0, 'int64'),
      partition: struct('queuebatch.PartitionConfig', { metadata_keys: strings() }),
    },
    function* (b) {
      const twice = duplicateOf(b.partition.metadata_keys)
      if (twice !== undefined) {
        const message = `partition: duplicate entry in metadata_keys: ${JSON.stringify(twice)} (case-insensitive)`
        yield { message, key: ['partition'] }
      } else if (b.sizer === 'requests')
        yield { message: '`batch` supports only `items` or `bytes` sizer, found "requests"', key: ['sizer'] }
      else if (b.flush_timeout <= 0) {
        yield { message: `\`flush_timeout\` must be positive, found ${b.flush_timeout * 1e6}`, key: ['flush_timeout'] }
      } else if (b.min_size < 0)
        yield { message: `\`min_size\` must be non-negative, found ${b.min_size}`, key: ['min_size'] }
      else if (b.max_size < 0)
        yield { message: `\`max_size\` must be non-negative, found ${b.max_size}`, key: ['max_size'] }
      else if (b.max_size > 0 && b.max_size < b.min_size) {
        const message = `\`max_size\` (${b.max_size}) must be greater or equal to \`min_size\` (${b.min_size})`
        yield { message, key: ['max_size'] }
      }
    },
  )
  const queue = struct(
    'queuebatch.Config',
    {
      wait_for_result: bool(),
      sizer: sizer('requests'),
      queue_size: int(1000, 'int64'),
      block_on_overflow: bool(),
      storage: maybe(string()),
      num_consumers: int(10),
      batch: off(batch),
    },
    function* (q) {
      if (q.num_consumers <= 0) yield { message: '`num_consumers` must be positive', key: ['num_consumers'] }
      else if (q.queue_size <= 0) yield { message: '`queue_size` must be positive', key: ['queue_size'] }
      else if (q.storage !== undefined && q.wait_for_result) {
        yield { message: '`wait_for_result` is not supported with a persistent queue configured with `storage`' }
      } else if (q.batch !== undefined && q.batch.sizer === q.sizer && q.batch.min_size > q.queue_size) {
        yield { message: '`min_size` must be less than or equal to `queue_size`', key: ['batch', 'min_size'] }
      }
    },
  )
  const own = { ...queue, nests: true }
  return start === 'on' ? on(own) : off(own)
}

function duplicateOf(keys: string[]): string | undefined {
  const lower = keys.map((key) => key.toLowerCase())
  return lower.find((key, i) => lower.indexOf(key) !== i)
}

/** config/configretry BackOffConfig: exponential back-off, times in milliseconds. */
export const retryOnFailure = () =>
  struct(
    'configretry.BackOffConfig',
    {
      enabled: bool(true),
      initial_interval: duration(5_000),
      randomization_factor: float(0.5),
      multiplier: float(1.5),
      max_interval: duration(30_000),
      max_elapsed_time: duration(300_000),
    },
    function* (r) {
      if (r.max_elapsed_time > 0) {
        for (const key of ['initial_interval', 'max_interval'] as const) {
          if (r.max_elapsed_time < r[key]) {
            yield { message: `'max_elapsed_time' must not be less than '${key}'`, key: ['max_elapsed_time'] }
            break
          }
        }
      }
      for (const key of [
        'initial_interval',
        'max_elapsed_time',
        'max_interval',
        'multiplier',
        'randomization_factor',
      ] as const) {
        if (r[key] < 0) yield { message: `${key} value must be greater than or equal to 0`, key: [key] }
      }
      if (r.randomization_factor > 1) {
        yield { message: 'randomization_factor value must be less than or equal to 1', key: ['randomization_factor'] }
      }
    },
  )
