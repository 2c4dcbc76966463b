import type { Signal } from '../../../otlp/types.ts'
import { type Build, type Consume, type Consumer, ConsumerError, itemCount, type Payload } from '../component.ts'
import { createShard, type Shard, type ShardOptions } from './batch/shard.ts'

const SIZES = [
  10, 25, 50, 75, 100, 250, 500, 750, 1000, 2000, 3000, 4000, 5000, 6000, 7000, 8000, 9000, 10_000, 20_000, 30_000,
  50_000, 100_000,
]

/**
 * Collects items and sends them on when there are `send_batch_size` of them, or when a round of the clock ends: it
 * began with the collector and anew at each send, not with the first item, which so waits anything up to `timeout`.
 * A larger heap is cut only if `send_batch_max_size` says so. With `metadata_keys` there is a batch for each
 * combination of what the senders gave for them.
 */
export function createBatch({ config, telemetry, logger }: Build, signal: Signal, next: Consume): Consumer {
  const s = config.settings
  const labels = { processor: config.id }
  const keys = (s.metadata_keys as string[]).map((key) => key.toLowerCase()).sort()
  const shards = new Map<string, Shard>()
  telemetry.gauge('otelcol_processor_batch_metadata_cardinality', labels, () => shards.size)

  const optionsFor = (metadata: Payload['metadata']): ShardOptions => ({
    signal,
    timeout: s.timeout,
    size: s.send_batch_size,
    max: s.send_batch_max_size,
    async pass(data, items, delivery, trigger) {
      const why = trigger === 'size' ? 'batch_size' : 'timeout'
      telemetry.add(`otelcol_processor_batch_${why}_trigger_send`, labels, 1)
      telemetry.observe('otelcol_processor_batch_batch_send_size', labels, SIZES, items)
      try {
        await next({ signal, data, delivery, ...(metadata ? { metadata } : {}) } as unknown as Payload)
      } catch (error) {
        // Nobody is waiting for the answer any more: the receiver has said yes long ago.
        delivery.release()
        logger.warn('Sender failed', { error: (error as Error).message })
      }
    },
  })

  const shardOf = (all: Payload['metadata']): Shard => {
    const metadata = keys.length === 0 ? undefined : Object.fromEntries(keys.map((key) => [key, all?.[key] ?? []]))
    const name = metadata ? JSON.stringify(metadata) : ''
    const known = shards.get(name)
    if (known) return known
    if (keys.length > 0 && s.metadata_cardinality_limit > 0 && shards.size >= s.metadata_cardinality_limit) {
      throw new ConsumerError('too many batcher metadata-value combinations', { permanent: true })
    }
    const shard = createShard(optionsFor(metadata))
    shards.set(name, shard)
    return shard
  }

  // The one that is sure to be needed has its clock running from the start, as the real one's.
  if (keys.length === 0) shardOf(undefined)

  return {
    consume(payload) {
      const shard = shardOf(payload.metadata)
      const items = itemCount(payload)
      if (items === 0) return payload.delivery.release()
      return shard.add(payload, items)
    },
    async stop() {
      await Promise.all([...shards.values()].map((shard) => shard.flush()))
    },
  }
}
