import { encodeRequest } from '../../../otlp/protobuf.ts'
import { ConsumerError, itemCount, type Payload } from '../component.ts'

/** `sending_queue`, as the schema leaves it; milliseconds. */
export interface QueueSettings {
  wait_for_result: boolean
  sizer: Sizer
  queue_size: number
  block_on_overflow: boolean
  num_consumers: number
  /** The extension that keeps it over a restart. */
  storage?: string
  batch?: { flush_timeout: number; sizer: 'items' | 'bytes'; min_size: number; max_size: number }
}

export type Sizer = 'requests' | 'items' | 'bytes'

/** How much room a request takes in a queue or in a batch. */
export function sizeOf(payload: Payload, sizer: Sizer): number {
  if (sizer === 'requests') return 1
  return sizer === 'items' ? itemCount(payload) : encodeRequest(payload.signal, payload.data).length
}

export interface Queue {
  /** Takes a request in. Throws ConsumerError when there is no room and none is waited for. */
  offer(payload: Payload): Promise<void>
  readonly size: number
  /** Takes nothing more; resolves when what it holds has been through `work`. */
  drain(): Promise<void>
}

/**
 * exporterhelper's memory queue: so many consumers take requests off it, first come first served.
 * A request counts until `work` has done with it, as in the real one.
 */
export function createQueue(settings: QueueSettings, work: (payload: Payload) => Promise<void>): Queue {
  const { queue_size: capacity, num_consumers: consumers, sizer } = settings
  const waiting: { payload: Payload; size: number; done: (error?: Error) => void }[] = []
  const wakers: (() => void)[] = []
  let size = 0
  let working = 0
  let closed = false
  let idle: (() => void) | undefined

  function next(): void {
    while (working < consumers && waiting.length > 0) {
      const { payload, size: taken, done } = waiting.shift()!
      working++
      work(payload)
        .then(
          () => done(),
          (error: Error) => done(error),
        )
        .finally(() => {
          working--
          size -= taken
          for (const wake of wakers.splice(0)) wake()
          next()
          if (working === 0 && waiting.length === 0) idle?.()
        })
    }
  }

  return {
    async offer(payload) {
      const needed = sizeOf(payload, sizer)
      while (size + needed > capacity && !closed) {
        if (needed > capacity) throw new ConsumerError('element size too large', { permanent: false })
        if (!settings.block_on_overflow) throw new ConsumerError('sending queue is full', { permanent: false })
        await new Promise<void>((resolve) => wakers.push(resolve))
      }
      if (closed) throw new ConsumerError('sending queue is stopped', { permanent: false })
      size += needed
      const result = new Promise<void>((resolve, reject) => {
        waiting.push({ payload, size: needed, done: (error) => (error ? reject(error) : resolve()) })
      })
      result.catch(() => {})
      next()
      if (settings.wait_for_result) await result
    },
    get size() {
      return size
    },
    async drain() {
      closed = true
      for (const wake of wakers.splice(0)) wake()
      if (working === 0 && waiting.length === 0) return
      await new Promise<void>((resolve) => {
        idle = resolve
      })
    },
  }
}
