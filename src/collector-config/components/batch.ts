import { ALL_SIGNALS, component } from '../component.ts'
import { duration, strings, struct, uint32 } from '../schema.ts'

/** Collects until `timeout` or `send_batch_size` items, whichever comes first; a max size of 0 is no limit. */
export const batchProcessor = component({
  kind: 'processor',
  type: 'batch',
  signals: ALL_SIGNALS,
  schema: struct(
    'batchprocessor.Config',
    {
      timeout: duration(200),
      send_batch_size: uint32(8192),
      send_batch_max_size: uint32(0),
      metadata_keys: strings(),
      metadata_cardinality_limit: uint32(1000),
    },
    function* (b) {
      if (b.send_batch_max_size > 0 && b.send_batch_max_size < b.send_batch_size) {
        const message = 'send_batch_max_size must be greater or equal to send_batch_size'
        yield { message, key: ['send_batch_max_size'] }
        return
      }
      const seen = new Set<string>()
      for (const key of b.metadata_keys as string[]) {
        const lower = key.toLowerCase()
        if (seen.has(lower)) {
          const message = `duplicate entry in metadata_keys: ${JSON.stringify(lower)} (case-insensitive)`
          yield { message, key: ['metadata_keys'] }
          return
        }
        seen.add(lower)
      }
      if (b.timeout < 0) yield { message: 'timeout must be greater or equal to 0', key: ['timeout'] }
    },
  ),
})
