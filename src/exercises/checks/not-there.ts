import type { CheckContext } from '../context.ts'
import { diagnose, type Signal } from '../hop-diagnosis.ts'
import { staleTraces } from '../stale.ts'
import type { Outcome } from '../verdict.ts'

/** Why something has not come: the first broken hop, or that it is only slow; and what older data is not it. */
export async function notThere(context: CheckContext, signal: Signal, what: string): Promise<Outcome> {
  const { broken, hops } = await diagnose(context.lab, context.attempt, signal)
  const stale = await staleTraces(context)
  return {
    verdict: broken?.verdict ?? 'slow',
    case: broken?.hop ?? 'not-yet',
    seen: broken
      ? `${what} is not there: ${broken.seen}`
      : `${what} is not there yet, though every hop looks well (${hops.map(({ seen }) => seen).join('; ')})`,
    ...(broken
      ? { why: broken.why, next: broken.next }
      : { next: `otel-lab latency, to see how long it takes here; then check again` }),
    ...(stale ? { stale } : {}),
  }
}

/** Whether it is of no use to wait on: a hop is broken in a way that does not pass by itself. */
export async function cannotCome({ lab, attempt }: CheckContext, signal: Signal): Promise<boolean> {
  const { broken } = await diagnose(lab, attempt, signal)
  return broken !== undefined && !broken.mayPass
}
