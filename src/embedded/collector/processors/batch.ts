import type { ResourceOf, Signal, SignalData } from '../../../otlp/types.ts'
import { splitOff } from '../batch-split.ts'
import { type Build, type Consume, type Consumer, itemCount, type Payload } from '../component.ts'
import { type Delivery, mergeDeliveries } from '../delivery.ts'

const SIZES = [10, 25, 50, 75, 100, 250, 500, 750, 1000, 2000, 3000, 4000, 5000, 6000, 7000, 8000, 9000, 10000]

/**
 * Collects items and sends them on when there are `send_batch_size` of them, or `timeout` after the first.
 * A larger heap is cut only if `send_batch_max_size` says so. With a timeout of 0 and no max size it passes
 * everything straight on.
 */
export function createBatch({ config, telemetry, logger }: Build, signal: Signal, next: Consume): Consumer {
  const { timeout, send_batch_size: size, send_batch_max_size: max } = config.settings
  let held: ResourceOf<unknown>[] = []
  let count = 0
  let deliveries: Delivery[] = []
  let timer: NodeJS.Timeout | undefined
  const labels = { processor: config.id }

  const pass = async (data: ResourceOf<unknown>[], items: number, delivery: Delivery) => {
    telemetry.observe('otelcol_processor_batch_batch_send_size', labels, SIZES, items)
    try {
      await next({ signal, data, delivery } as unknown as Payload)
    } catch (error) {
      // Nobody is waiting for the answer any more: the receiver has said yes long ago.
      delivery.release()
      logger.warn('Sender failed', { error: (error as Error).message })
    }
  }

  const send = async (trigger: 'size' | 'timeout') => {
    clearTimeout(timer)
    timer = undefined
    if (count === 0) return
    const all = held
    const total = count
    const merged = mergeDeliveries(deliveries)
    held = []
    deliveries = []
    count = 0
    telemetry.add(
      `otelcol_processor_batch_${trigger === 'size' ? 'batch_size' : 'timeout'}_trigger_send_total`,
      labels,
      1,
    )
    if (max === 0 || total <= max) return pass(all, total, merged)
    const parts: { data: ResourceOf<unknown>[]; items: number }[] = []
    let rest = all
    let left = total
    while (left > max) {
      const [first, others] = splitOff(signal, rest, max)
      parts.push({ data: first, items: max })
      rest = others
      left -= max
    }
    // What does not fill a batch waits for more, unless the time is up.
    if (trigger === 'size' && left < size) {
      merged.retain()
      held = rest
      count = left
      deliveries = [merged]
      arm()
    } else parts.push({ data: rest, items: left })
    merged.retain(parts.length - 1)
    for (const part of parts) await pass(part.data, part.items, merged)
  }

  const arm = () => {
    if (timeout === 0 || timer !== undefined) return
    timer = setTimeout(() => void send('timeout'), timeout)
  }

  return {
    consume(payload) {
      const items = itemCount(payload)
      if (items === 0) return payload.delivery.release()
      held = held.length === 0 ? (payload.data as SignalData['traces']) : [...held, ...(payload.data as typeof held)]
      deliveries.push(payload.delivery)
      count += items
      // The sender does not wait for what comes after: like the real one, which hands over through a channel.
      if (timeout === 0 || (size > 0 && count >= size)) void send('size')
      else arm()
    },
    stop: () => send('timeout'),
  }
}
