import type { Signal } from '../../../otlp/types.ts'
import { type Build, COUNTED, type Consumer, ConsumerError, itemCount, type Payload } from '../component.ts'
import type { Storage } from '../extensions/file_storage.ts'
import { createSampler } from '../logger.ts'
import type { Place } from '../tap/notes.ts'
import { createBatcher } from './batcher.ts'
import { createKeeper } from './keeper.ts'
import { createQueue, type QueueSettings } from './queue.ts'
import { type RetrySettings, withRetry } from './retry.ts'
import { SendError } from './send-error.ts'

/** The protocol of an exporter from which the other side fetches. */
export const PULLED = 'HTTP, scraped'

export interface SenderOptions {
  /** One try; tells what went out, where it knows. Throws SendError. */
  push(payload: Payload, signal: AbortSignal): Promise<Sent | undefined>
  /** How it travels, where it leaves the process. */
  protocol?: string
  /** Where it goes, for the counters. */
  labels?: Record<string, string>
  queue?: QueueSettings
  retry?: RetrySettings
  start?(): Promise<void> | void
  stop?(): Promise<void> | void
}

export interface Sent {
  bytes?: number
  /** What the other side would not take of it, and its words. */
  rejected?: number
  said?: string
}

/** How long what is still queued may take when the collector stops. */
const DRAIN_MS = 2_000

/**
 * What every exporter that sends somewhere shares (exporterhelper): queue, batches, retries, and the counters of
 * the collector's own metrics. Data that could not be sent before a stop is not let go of: the journal sends it again.
 */
export function createSender(build: Build, signal: Signal, options: SenderOptions): Consumer {
  const { config, logger, telemetry, tap } = build
  const { push, queue: queueSettings, retry } = options
  const labels = { exporter: config.id }
  const count = (verb: string) => `otelcol_exporter_${verb}_${COUNTED[signal]}`
  /** Stopping ends the waiting between tries at once, and the tries themselves a little later. */
  const stopping = new AbortController()
  const late = new AbortController()
  // A backend that stays away must not fill the log: of each kind of line one in ten seconds, and every hundredth.
  const seldom = createSampler({ tickMs: 10_000, initial: 3, thereafter: 100 })
  const advice = [
    ...(retry && !retry.enabled ? [' Try enabling retry_on_failure config option to retry on retryable errors.'] : []),
    ...(queueSettings === undefined && retry ? [' Try enabling sending_queue to survive temporary failures.'] : []),
  ].join('')

  const where = { ...labels, ...options.labels }
  const { 'server.address': host, 'server.port': port } = options.labels ?? {}
  const place: Place = {
    signal,
    kind: 'exporter',
    id: config.id,
    ...(options.protocol === undefined ? {} : { protocol: options.protocol }),
    ...(host === undefined ? {} : { peer: port === undefined ? host : `${host}:${port}` }),
  }
  let inFlight = 0
  const both = { ...labels, data_type: signal }
  telemetry.gauge('otelcol_exporter_in_flight_requests', both, () => inFlight)

  const attempt = async (payload: Payload): Promise<void> => {
    const items = itemCount(payload)
    inFlight++
    let sent: Sent | undefined
    try {
      const once = async () => {
        sent = await push(payload, late.signal)
      }
      if (!retry) await once()
      else {
        await withRetry(once, {
          settings: retry,
          signal: stopping.signal,
          onRetry: (error, interval) => {
            tap.note(place, 'retrying', payload, { said: error.message })
            if (!seldom('retry', Date.now())) return
            logger.info('Exporting failed. Will retry the request after interval.', { error: error.message, interval })
          },
        })
      }
    } catch (error) {
      const cause = SendError.from(error)
      telemetry.add(count('sent'), where, 0)
      telemetry.add(count('send_failed'), where, items)
      throw cause
    } finally {
      inFlight--
    }
    telemetry.add(count('sent'), where, items)
    // What waits to be fetched is not sent by being ready for it.
    if (options.protocol !== PULLED) tap.note(place, 'sent', payload, sent ?? {})
    payload.delivery.release()
  }

  /** What comes off the queue: nobody waits for the answer any more. */
  const attemptOrDrop = async (payload: Payload): Promise<void> => {
    try {
      await attempt(payload)
    } catch (error) {
      const cause = SendError.from(error)
      if (!cause.shutdown) {
        tap.note(place, 'failed', payload, { said: cause.message })
        payload.delivery.release()
      }
      if (seldom('drop', Date.now())) {
        const items = { error: cause.message, dropped_items: itemCount(payload) }
        if (cause.shutdown) logger.info('Stopped before this was sent; it goes out at the next start.', items)
        else logger.error(`Exporting failed. Dropping data.${advice}`, items)
      }
      throw cause
    }
  }
  const batcher = queueSettings?.batch && createBatcher(queueSettings.batch, attemptOrDrop)
  const queue = queueSettings && createQueue(queueSettings, batcher ? batcher.add : attemptOrDrop)
  if (queue) {
    telemetry.gauge('otelcol_exporter_queue_size', both, () => queue.size)
    telemetry.gauge('otelcol_exporter_queue_capacity', both, () => queueSettings.queue_size)
  }

  let keeper: ReturnType<typeof createKeeper> | undefined
  /** A queue with a storage has each request on disk before it says that it has it. */
  const offer = async (payload: Payload): Promise<void> => {
    if (keeper === undefined) return queue!.offer(payload)
    const kept = await keeper.keep(payload)
    try {
      await queue!.offer(kept)
    } catch (error) {
      kept.delivery.release()
      throw error
    }
    payload.delivery.release()
  }

  return {
    async start() {
      await options.start?.()
      const storage = queueSettings?.storage === undefined ? undefined : build.extension(queueSettings.storage)
      if (storage === undefined) return
      const { folderFor, fsync } = storage as Storage
      keeper = createKeeper(folderFor('exporter', config.id, signal), signal, fsync, (message) => logger.warn(message))
      const left = await keeper.restore(tap.runsOf)
      if (left.length > 0) logger.info('Queued again what an earlier process had kept', { requests: left.length })
      for (const payload of left) queue!.offer(payload).catch((error: Error) => logger.error(error.message))
    },
    async consume(payload) {
      try {
        await (queue ? offer(payload) : attempt(payload))
      } catch (error) {
        const items = itemCount(payload)
        if (queue) telemetry.add(count('enqueue_failed'), labels, items)
        if (seldom('reject', Date.now())) {
          logger.error(`Exporting failed. Rejecting data.${advice}`, {
            error: (error as Error).message,
            rejected_items: items,
          })
        }
        if (error instanceof ConsumerError) throw error
        const { message, permanent, code } = SendError.from(error)
        throw new ConsumerError(message, { permanent, ...(code === undefined ? {} : { code }) })
      }
    },
    async stop() {
      stopping.abort()
      const timer = setTimeout(() => late.abort(), DRAIN_MS)
      await batcher?.flush()
      const drained = queue?.drain()
      await batcher?.flush()
      await drained
      clearTimeout(timer)
      await options.stop?.()
    },
  }
}
