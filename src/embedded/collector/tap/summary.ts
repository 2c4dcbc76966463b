import { attributeOf } from '../../../otlp/attributes.ts'
import type { LogRecord, Metric, ResourceOf, Signal, Span } from '../../../otlp/types.ts'
import type { Payload } from '../payload.ts'

/** What a payload carries, in as many names as are worth to be kept. */
export interface Summary {
  items: number
  runIds: string[]
  byRun: Record<string, number>
  traceIds: string[]
  services: string[]
  /** There are more traces than are named. */
  more: boolean
}

const RUN = 'otel_lab.run.id'
const MAX_RUNS = 32
const MAX_TRACES = 32
const MAX_SERVICES = 16
const MAX_NAME = 128

export type Summarize = (payload: Pick<Payload, 'signal' | 'data'>) => Summary

/** Data that passes many places unchanged is looked at once. */
export function createSummaries(): Summarize {
  const known = new WeakMap<object, Summary>()
  return ({ signal, data }) => {
    const before = known.get(data)
    if (before) return before
    const summary = summarize(signal, data as ResourceOf<unknown>[])
    known.set(data, summary)
    return summary
  }
}

function summarize(signal: Signal, data: readonly ResourceOf<unknown>[]): Summary {
  const byRun = new Map<string, number>()
  const traces = new Set<string>()
  const services = new Set<string>()
  let items = 0
  for (const { resource, scopes } of data) {
    let count = 0
    for (const scope of scopes) {
      count += signal === 'metrics' ? pointsOf(scope.items as Metric[], traces) : scope.items.length
      if (signal === 'metrics') continue
      for (const { traceId } of scope.items as (Span | LogRecord)[]) {
        if (traces.size > MAX_TRACES) break
        if (traceId !== '') traces.add(traceId)
      }
    }
    const run = textOf(resource, RUN)
    if (byRun.has(run) || byRun.size < MAX_RUNS) byRun.set(run, (byRun.get(run) ?? 0) + count)
    const service = textOf(resource, 'service.name')
    if (service !== '' && services.size < MAX_SERVICES) services.add(service)
    items += count
  }
  return {
    items,
    byRun: Object.fromEntries(byRun),
    runIds: [...byRun.keys()].filter((run) => run !== ''),
    traceIds: [...traces].slice(0, MAX_TRACES),
    services: [...services],
    more: traces.size > MAX_TRACES,
  }
}

/** A metric belongs to a trace by its exemplars. */
function pointsOf(metrics: readonly Metric[], traces: Set<string>): number {
  let count = 0
  for (const { data } of metrics) {
    if (data.type === 'none') continue
    count += data.points.length
    if (data.type === 'summary') continue
    for (const { exemplars } of data.points) {
      for (const { traceId } of exemplars) if (traceId !== '' && traces.size <= MAX_TRACES) traces.add(traceId)
    }
  }
  return count
}

function textOf({ attributes }: ResourceOf<unknown>['resource'], key: string): string {
  const value = attributeOf(attributes, key)
  return typeof value === 'string' ? value.slice(0, MAX_NAME) : ''
}

/** Whether a trace is in it that the summary has no room for. */
export function hasTrace({ signal, data }: Pick<Payload, 'signal' | 'data'>, traceId: string): boolean {
  if (signal === 'metrics') return false
  return (data as ResourceOf<Span | LogRecord>[]).some(({ scopes }) =>
    scopes.some(({ items }) => items.some((item) => item.traceId === traceId)),
  )
}
