import type { Hop } from '../contract.ts'
import { BACKENDS, type Facts, TITLES } from '../facts.ts'
import { humanDuration } from '../humane.ts'
import { itemsOf, reachedDoor } from '../way.ts'
import { hiddenFromSearch } from './hidden.ts'

/** How long after it was taken a backend may rightly not find it: Tempo cuts traces, Loki and Prometheus answer at once. */
const SETTLE_MS = 15_000

/** Does the query find it? */
export function judgeQuery(facts: Facts): Hop {
  const { signal, arrival, now } = facts
  const hop = 'query' as const
  const title = TITLES[signal]
  const next = arrival.query || undefined
  if (arrival.refused !== undefined) {
    return {
      hop,
      state: 'dropped',
      fault: 'query-refused',
      blame: 'work',
      known: ['backend'],
      seen: `${title} refuses the query ${arrival.refused}: ${arrival.problem}`,
      why: `The query is sound: a limit or a rule of ${title} is in its way, whatever it has stored`,
      next: `Look for what is not as shipped: otel-lab config diff ${BACKENDS[signal]}; then: otel-lab restart ${BACKENDS[signal]}`,
    }
  }
  if (arrival.found === undefined) {
    return {
      hop,
      state: 'unknown',
      known: ['backend'],
      seen: `${title} could not be asked: ${arrival.problem}`,
      next: 'otel-lab status',
    }
  }
  if (arrival.found && arrival.count > 0) {
    const hidden = outOfTime(facts) ?? hiddenFromSearch(facts)
    if (hidden) return hidden
    const count = signal === 'metrics' ? `${arrival.count} series` : itemsOf(signal, arrival.count)
    return { hop, state: 'passed', known: ['backend'], seen: `the query finds ${count}`, ...(next ? { next } : {}) }
  }
  if (arrival.found)
    return { hop, state: 'passed', known: ['backend'], seen: 'the search finds it', ...(next ? { next } : {}) }
  if (arrival.disguised)
    return {
      hop,
      state: 'changed',
      known: ['backend'],
      seen: `${title} has ${arrival.disguised}`,
      ...(next ? { next } : {}),
    }
  const early = outOfTime(facts)
  if (early) return early
  const last = lastSent(facts)
  if (last === undefined)
    return {
      hop,
      state: 'unknown',
      known: ['backend'],
      seen: `the query finds nothing${reachedDoor(facts) ? ' yet' : ''}`,
      ...(next ? { next } : {}),
    }
  const age = now - last
  if (age < SETTLE_MS)
    return {
      hop,
      state: 'held',
      known: ['backend'],
      waitMs: SETTLE_MS - age,
      seen: `${title} took it ${(age / 1000).toFixed(1)} s ago; the query does not find it yet`,
      ...(next ? { next } : {}),
    }
  return {
    hop,
    state: 'dropped',
    fault: 'not-kept',
    blame: 'work',
    known: ['tap', 'backend'],
    seen: `${title} took it ${Math.round(age / 1000)} s ago, and does not find it`,
    why: 'A backend keeps data only for its retention, and finds it only under the times that it carries: a sender with a wrong clock is out of every window',
    next: `Look for the retention in: otel-lab config show ${BACKENDS[signal]}; and for it at any time: ${next}`,
  }
}

/** So far off, nobody looks for it where it is. */
const SKEW_MS = 5 * 60_000

/** It is there, under times at which nobody looks. */
function outOfTime({ signal, skewMs, arrival, run }: Facts): Hop | undefined {
  if (
    signal === 'metrics' ||
    skewMs === undefined ||
    Math.abs(skewMs) < SKEW_MS ||
    (arrival.found && arrival.bySearch !== false)
  )
    return undefined
  const off = humanDuration(Math.abs(skewMs))
  return {
    hop: 'query',
    state: 'changed',
    fault: 'clock-skew',
    blame: 'work',
    known: ['tap', 'backend'],
    seen: `the times that the ${signal} carry are ${off} ${skewMs < 0 ? 'before' : 'after'} they came: a query of the last minutes does not look there`,
    why: 'A backend files telemetry under the times that the program wrote into it, not under those when it came',
    next: `Set the clock of the program's machine; until then ask for that time: ${arrival.query} --start ${new Date(run.startedAt + skewMs - 60_000).toISOString()}`,
  }
}

function lastSent({ tap, configs }: Facts): number | undefined {
  const sent = tap?.passages.filter(
    ({ kind, step, id, protocol }) =>
      kind === 'exporter' &&
      step === 'sent' &&
      protocol !== 'HTTP, scraped' &&
      !['debug', 'file'].includes(configs.topology?.exporters.get(id)?.type ?? ''),
  )
  return sent?.at(-1)?.at
}
