import { type Diagnosis, diagnose, type Hop, type HopName, type Signal } from '../../diagnosis.ts'
import type { StepResult } from '../attempt.ts'
import type { CheckContext } from '../context.ts'
import { staleTraces } from '../stale.ts'
import type { Outcome } from '../verdict.ts'

/** Why something has not come: the first broken hop, or that it is only slow; and what older data is not it. */
export async function notThere(context: CheckContext, signal: Signal, what: string): Promise<Outcome> {
  const [{ broken, held, hops }, stale] = await Promise.all([ask(context, signal), staleTraces(context)])
  const more = stale ? { stale } : {}
  const late = context.attempt.steps.find(({ timedOut }) => timedOut)
  if (late && (broken === undefined || BEFORE_COLLECTOR.has(broken.hop))) return { ...endedByLab(late, what), ...more }
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

const BEFORE_COLLECTOR: ReadonlySet<HopName> = new Set<HopName>(['app', 'sdk', 'sampling', 'export'])

/** Our own program does end: what has kept it is the machine. */
function endedByLab({ kind, shown, startedAt, endedAt }: StepResult, what: string): Outcome {
  const after = `was still running after ${Math.round((endedAt - startedAt) / 1000)} s, and the lab ended it before it had sent all`
  if (kind === 'demo') {
    return {
      verdict: 'slow',
      case: 'timeout',
      seen: `${what} is not there: the app ${after}`,
      why: 'It takes a second or two elsewhere, so this machine has much else to do: slow is not wrong',
      next: 'Check again when it has less to do; otel-lab doctor looks at the machine too',
    }
  }
  return {
    verdict: 'failed',
    case: 'timeout',
    seen: `${what} is not there: ${shown} ${after}`,
    why: 'A program that never ends is ended by force, and what its SDK still held is gone',
    next: 'Let it end by itself, and shut its providers down at the end',
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
