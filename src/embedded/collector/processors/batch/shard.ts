import type { ResourceOf, Signal } from '../../../../otlp/types.ts'
import { splitOff } from '../../batch-split.ts'
import type { Payload } from '../../component.ts'
import { type Delivery, mergeDeliveries } from '../../delivery.ts'

export interface ShardOptions {
  signal: Signal
  /** Milliseconds. 0, like a size of 0, sends everything at once. */
  timeout: number
  size: number
  /** 0 is no limit. */
  max: number
  pass(data: ResourceOf<unknown>[], items: number, delivery: Delivery, trigger: Trigger): Promise<void>
}

export type Trigger = 'size' | 'timeout'

/** How many sends may wait for their turn before those who bring more have to wait too; the real channel is as short. */
const MAX_PENDING = 4

/** One batch in the making (batchprocessor's shard). */
export interface Shard {
  add(payload: Payload, items: number): Promise<void> | void
  /** Sends what it holds. */
  flush(): Promise<void>
}

export function createShard(options: ShardOptions): Shard {
  const { signal, timeout, size, max, pass } = options
  const now = () => performance.now()
  const timed = timeout > 0 && size > 0
  let held: ResourceOf<unknown>[] = []
  let count = 0
  let deliveries: Delivery[] = []
  let timer: NodeJS.Timeout | undefined
  /** When the clock last began a round. It goes on whether or not anything is held, so what comes waits 0 to `timeout`. */
  let roundBegan = now()
  /** One send after the other, so that what came first goes out first. */
  let chain: Promise<void> = Promise.resolve()
  let pending = 0

  const arm = () => {
    if (timed) timer ??= setTimeout(() => send('timeout'), timeout - ((now() - roundBegan) % timeout))
  }

  function send(trigger: Trigger): void {
    clearTimeout(timer)
    timer = undefined
    if (count === 0) return
    roundBegan = now()
    const delivery = mergeDeliveries(deliveries)
    let [rest, left] = [held, count]
    const parts: [ResourceOf<unknown>[], number][] = []
    while (max > 0 && left > max) {
      const [first, others] = splitOff(signal, rest, max)
      parts.push([first, max])
      rest = others
      left -= max
    }
    // What does not fill a batch waits for more, unless the time is up.
    const waits = trigger === 'size' && timed && left < size && parts.length > 0
    if (!waits) parts.push([rest, left])
    held = waits ? rest : []
    count = waits ? left : 0
    deliveries = waits ? [delivery] : []
    delivery.retain(parts.length - 1 + (waits ? 1 : 0))
    if (waits) arm()
    pending++
    chain = chain.then(async () => {
      for (const [data, items] of parts) await pass(data, items, delivery, trigger)
      pending--
    })
  }

  return {
    add(payload, items) {
      const more = payload.data as ResourceOf<unknown>[]
      held = held.length === 0 ? [...more] : held
      if (count > 0) for (const group of more) held.push(group)
      deliveries.push(payload.delivery)
      count += items
      if (!timed || count >= size) send('size')
      else arm()
      return pending > MAX_PENDING ? chain : undefined
    },
    flush() {
      send('timeout')
      return chain
    },
  }
}
