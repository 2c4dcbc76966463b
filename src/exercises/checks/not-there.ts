import { type Diagnosis, diagnose, type Hop, type Signal } from '../../diagnosis.ts'
import type { CheckContext } from '../context.ts'
import { staleTraces } from '../stale.ts'
import type { Outcome } from '../verdict.ts'

/** Why something has not come: the first broken hop, or that it is only slow; and what older data is not it. */
export async function notThere(context: CheckContext, signal: Signal, what: string): Promise<Outcome> {
  const [{ broken, held, hops }, stale] = await Promise.all([ask(context, signal), staleTraces(context)])
  const more = stale ? { stale } : {}
  if (broken) {
    const { hop, blame, seen, why, next } = broken
    return {
      verdict: blame === 'lab' ? 'broken' : 'failed',
      case: hop,
      seen: `${what} is not there: ${seen}`,
      ...(why ? { why } : {}),
      ...(next ? { next } : {}),
      ...more,
    }
  }
  const open = held ?? hops.findLast(({ state, next }) => state === 'unknown' && next !== undefined)
  return {
    verdict: 'slow',
    case: held ? held.hop : 'not-yet',
    seen: `${what} is not there yet: ${held ? held.seen : summary(hops)}`,
    next: open?.next ?? 'otel-lab latency, to see how long it takes here; then check again',
    ...more,
  }
}

/** Whether it is of no use to wait on: a hop is broken in a way that does not pass by itself. */
export async function cannotCome(context: CheckContext, signal: Signal): Promise<boolean> {
  const { broken } = await ask(context, signal)
  return broken !== undefined && !broken.part && !broken.mayPass
}

function ask({ lab, attempt }: CheckContext, signal: Signal): Promise<Diagnosis> {
  const { runId, startedAt, endedAt, exitCode, steps, traces, before } = attempt
  const output = steps.flatMap((step) => step.output.split('\n'))
  const run = { runId, startedAt, endedAt, exitCode, output, traceIds: traces, env: lab.env }
  return diagnose(lab.diagnosis, { ...run, ...(before ? { before } : {}) }, signal)
}

const summary = (hops: readonly Hop[]) =>
  hops
    .filter(({ state }) => state === 'passed')
    .map(({ seen }) => seen)
    .join('; ') || 'nothing tells where it is'
