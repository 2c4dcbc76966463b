import { humanDuration } from '../util/human-duration.ts'

/** What clocks of several machines may differ by without harm. */
const SLACK_MS = 60_000

/**
 * What it means that Prometheus holds samples from the future, as after a clock that was ahead and was set right; and
 * what to do. Undefined when it holds none.
 */
export function samplesAhead(newest: number | undefined, now: number): { seen: string; next: string } | undefined {
  if (newest === undefined || newest <= now + SLACK_MS) return undefined
  return {
    seen:
      `Prometheus holds samples of ${new Date(newest).toISOString()}, ${humanDuration(newest - now)} ahead of this clock, ` +
      'which was ahead then or is behind now. Until that time comes it drops new samples of these series as out of ' +
      'order, and new series as too old; traces and logs are not concerned.',
    next: 'Set the clock right, then wait, or begin anew without what is stored: otel-lab down --volumes, then: otel-lab up',
  }
}
