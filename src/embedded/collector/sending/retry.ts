import { setTimeout as sleep } from 'node:timers/promises'
import { formatDuration } from '../../../util/duration.ts'
import { SendError } from './send-error.ts'

/** `retry_on_failure`, as the schema leaves it; milliseconds. */
export interface RetrySettings {
  enabled: boolean
  initial_interval: number
  randomization_factor: number
  multiplier: number
  max_interval: number
  max_elapsed_time: number
}

export interface RetryOptions {
  settings: RetrySettings
  signal: AbortSignal
  onRetry(error: Error, interval: string): void
  now?: () => number
  random?: () => number
}

/**
 * Calls `attempt` until it succeeds, fails for good or the time is up (exporterhelper's retry sender).
 * Throws SendError; one whose `shutdown` is set was cut short and may be tried by the next process.
 */
export async function withRetry(attempt: () => Promise<void>, options: RetryOptions): Promise<void> {
  const { settings, signal, onRetry, now = Date.now, random = Math.random } = options
  if (!settings.enabled) return attempt()
  const until = settings.max_elapsed_time > 0 ? now() + settings.max_elapsed_time : Number.POSITIVE_INFINITY
  let interval = settings.initial_interval
  while (true) {
    try {
      return await attempt()
    } catch (error) {
      const cause = SendError.from(error)
      if (cause.permanent) throw cause.saying('not retryable error')
      const spread = interval * settings.randomization_factor
      const delay = Math.max(interval - spread + random() * 2 * spread, cause.throttleMs)
      interval = Math.min(interval * settings.multiplier, settings.max_interval)
      if (now() + delay > until) throw cause.saying('no more retries left')
      if (signal.aborted) throw cause.cutShort()
      onRetry(cause, formatDuration(delay))
      await sleep(delay, undefined, { signal }).catch(() => {
        throw cause.cutShort()
      })
    }
  }
}
