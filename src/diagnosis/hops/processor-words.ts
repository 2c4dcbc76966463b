import { parseDuration } from '../../util/duration.ts'
import { table } from '../../util/table.ts'
import type { Hop } from '../contract.ts'
import type { Facts } from '../facts.ts'
import type { Component } from '../read/topology.ts'
import { itemsOf } from '../way.ts'
import { batchTimeout } from './counted.ts'
import { mendOf } from './mend.ts'

/** Longer than anything should wait in a processor. */
export const LONG_MS = 60_000
export const SLACK_MS = 2_000

export type Place = Pick<Hop, 'hop' | 'id' | 'pipeline' | 'known'>

export const ROOTLESS = 'Without its root a trace is there by its id, but a search for the root finds none'

const WHY: Record<string, string> = table({
  filter: 'A filter drops what any of its conditions is true for; these are true for too much',
  tail_sampling: 'A tail sampler keeps a trace when one of its policies wants it; none of them wanted these',
  probabilistic_sampler: 'A sampler keeps a share of the traces, by their ids; these are not among it',
})

/** Why a processor of this type drops something, where that is its work. */
export const whyOf = (type: string): string | undefined => WHY[type]

export function batched(facts: Facts, place: Place, component: Component, count: number, lastIn: number): Hop {
  const { id, settings } = component
  const timeout = batchTimeout(component)
  const size = Number(settings.send_batch_size ?? 8192)
  const seen = `${id} holds ${itemsOf(facts.signal, count)}`
  if (timeout <= LONG_MS && facts.now - lastIn <= timeout + SLACK_MS) {
    const waitMs = Math.max(0, lastIn + timeout - facts.now)
    return { ...place, state: 'held', waitMs, seen: `${seen} until its timeout of ${timeout / 1000} s` }
  }
  return {
    ...place,
    state: 'held',
    fault: 'batch-waits',
    blame: 'work',
    seen: `${seen}: it waits for ${size} items or ${timeout === 0 ? 'for ever (timeout: 0s)' : `${timeout / 1000} s`}, whichever comes first`,
    why: 'A batch is sent when it is full or its time is up; a lab makes few items, so it is always the time',
    ...mendOf(facts, { kind: 'processors', id }, `otel-lab config patch --set processors.${id}.timeout=1s`),
  }
}

/** A tail sampler looks at a trace when it has waited for its last span, to the second. */
export function undecided(facts: Facts, place: Place, { id, settings }: Component, count: number, lastIn: number) {
  const wait = settings.decision_wait === undefined ? 30_000 : (parseDuration(String(settings.decision_wait)) ?? 30_000)
  const waitMs = lastIn + wait + SLACK_MS - facts.now
  if (waitMs <= 0) return undefined
  const held = itemsOf(facts.signal, count)
  const seen = `${id} holds ${held} until it decides on their traces, ${wait / 1000} s after the first span of each`
  if (wait <= LONG_MS) return { ...place, state: 'held' as const, waitMs, seen }
  return {
    ...place,
    ...{ state: 'held' as const, fault: 'decision-waits', blame: 'work' as const, seen },
    why: 'A tail sampler keeps a whole trace in memory until its decision_wait is over',
    ...mendOf(facts, { kind: 'processors', id }, `otel-lab config patch --set processors.${id}.decision_wait=5s`),
  }
}

/** A filter's conditions as its config has them, to be said: OTTL, or the old lists. Of other types there are none. */
export function ruleOf({ type, settings }: Component): string {
  const texts = type === 'filter' ? textsIn(settings) : []
  return texts.length > 0 ? `; its conditions: ${texts.join(' | ')}` : ''
}

function textsIn(settings: unknown): string[] {
  if (typeof settings === 'string') return [settings]
  if (Array.isArray(settings)) return settings.flatMap(textsIn)
  if (typeof settings !== 'object' || settings === null) return []
  return Object.entries(settings)
    .flatMap(([key, value]) => (key === 'error_mode' ? [] : textsIn(value)))
    .slice(0, 6)
}
