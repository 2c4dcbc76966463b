import type { ResourceOf } from '../../../otlp/types.ts'
import { splitOff } from '../batch-split.ts'
import { itemCount, type Payload } from '../component.ts'
import { mergeDeliveries } from '../delivery.ts'
import { type QueueSettings, sizeOf } from './queue.ts'

/**
 * `sending_queue::batch`: merges requests until there are `min_size` of them or `flush_timeout` has passed, and
 * cuts what is larger than `max_size`. Resolves for each request when the batch that it became part of was sent.
 */
export function createBatcher(
  settings: NonNullable<QueueSettings['batch']>,
  send: (payload: Payload) => Promise<void>,
) {
  let held: Payload[] = []
  let size = 0
  let waiters: { resolve: () => void; reject: (error: Error) => void }[] = []
  let timer: NodeJS.Timeout | undefined

  function flush(): Promise<void> {
    clearTimeout(timer)
    timer = undefined
    const [batch, waiting] = [held, waiters]
    held = []
    waiters = []
    size = 0
    if (batch.length === 0) return Promise.resolve()
    const merged = merge(batch)
    const parts = settings.max_size > 0 ? cut(merged, settings.max_size, settings.sizer) : [merged]
    merged.delivery.retain(parts.length - 1)
    return Promise.all(parts.map(send)).then(
      () => {
        for (const { resolve } of waiting) resolve()
      },
      (error: Error) => {
        for (const { reject } of waiting) reject(error)
      },
    )
  }

  return {
    add(payload: Payload): Promise<void> {
      const done = new Promise<void>((resolve, reject) => waiters.push({ resolve, reject }))
      held.push(payload)
      size += sizeOf(payload, settings.sizer)
      if (size >= settings.min_size) void flush()
      else timer ??= setTimeout(() => void flush(), settings.flush_timeout)
      return done
    },
    flush,
  }
}

function merge(batch: Payload[]): Payload {
  if (batch.length === 1) return batch[0]!
  const data = batch.flatMap((payload) => payload.data as ResourceOf<unknown>[])
  const delivery = mergeDeliveries(batch.map((payload) => payload.delivery))
  return { signal: batch[0]!.signal, data, delivery } as Payload
}

/** By bytes it is cut at the share of items that should fit; no request is cut inside an item. */
function cut(payload: Payload, max: number, sizer: 'items' | 'bytes'): Payload[] {
  const total = sizeOf(payload, sizer)
  const items = itemCount(payload)
  const each = sizer === 'items' ? max : Math.max(1, Math.floor((items * max) / total))
  if (total <= max || each >= items) return [payload]
  const parts: Payload[] = []
  let rest = payload.data as ResourceOf<unknown>[]
  for (let left = items; left > 0; left -= each) {
    const [first, others] = splitOff(payload.signal, rest, each)
    parts.push({ ...payload, data: first } as Payload)
    rest = others
  }
  return parts
}
