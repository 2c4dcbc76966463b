import { counterOf, givenUp } from '../../backends/collector-counters.ts'
import { parseDuration } from '../../util/duration.ts'
import type { Source } from '../contract.ts'
import type { Facts } from '../facts.ts'
import type { Component, Pipeline } from '../read/topology.ts'
import { acceptedOf } from '../way.ts'

/** What an exporter did since the run began, whoever's it was. */
export interface CountedExport {
  sent: number
  /** Items that it will not try again. */
  lost: number
  /** Batches that wait. */
  queued: number
  /** Why it failed, as the collector's log says it. */
  said?: string
  known: Source[]
}

/** By the collector's own metrics and log; undefined where neither tells of it. */
export function countedExport({ counters, log, signal }: Facts, id: string): CountedExport | undefined {
  const counted = counterOf(counters, 'exporter', id, signal)
  const line = log?.findLast((one) => one.includes(`"${id}"`) && /Exporting failed|error/i.test(one))
  const said = line && /"error": ?"((?:[^"\\]|\\.)*)"/.exec(line)?.[1]?.replaceAll('\\"', '"')
  if (counted === undefined && said === undefined) return undefined
  return {
    sent: counted?.sent ?? 0,
    lost: counted ? givenUp(counted) : 0,
    queued: counted?.queued ?? 0,
    ...(said === undefined ? {} : { said }),
    known: said === undefined ? ['collector metrics'] : ['collector metrics', 'collector log'],
  }
}

/**
 * How many items a batch keeps: all that came to it, when no exporter behind it has had any. Undefined when that is not
 * so, or nobody counts.
 */
export function keptByBatch(facts: Facts, pipeline: Pipeline, { id, type }: Component): number | undefined {
  const { counters, signal, configs } = facts
  const ends = pipeline.exporters.filter((one) => configs.topology?.exporters.has(one))
  if (type !== 'batch' || counters === undefined || ends.length === 0) return undefined
  const went = ends.some((one) => {
    const counted = counterOf(counters, 'exporter', one, signal)
    return counted !== undefined && counted.sent + givenUp(counted) + counted.queued > 0
  })
  const before = pipeline.processors.slice(0, pipeline.processors.indexOf(id))
  const last = before.map((one) => counterOf(counters, 'processor', one, signal)).findLast((one) => one !== undefined)
  const came = last ? last.sent : (acceptedOf(facts) ?? 0)
  return went || came === 0 ? undefined : came
}

/** In milliseconds; the collector's default where the config says nothing. */
export const batchTimeout = ({ settings }: Component): number =>
  settings.timeout === undefined ? 200 : (parseDuration(String(settings.timeout)) ?? 200)
