import type { Passage } from '../engine.ts'
import { type Budget, budgetOf, hopBudgets, type Wait } from './budget.ts'
import { distributionOf } from './distribution.ts'
import type { Door } from './door.ts'
import { findingsOf } from './findings.ts'
import type { Account, Hop, HopRow } from './hop.ts'
import { hopsOf, UNSEEN, UNSEEN_TO_SCRAPE } from './hops.ts'
import type { Sighting } from './sighting.ts'

export interface AccountSources {
  sightings: Record<Door, readonly Sighting[]>
  passages: readonly Passage[]
  waits: Record<Door, readonly Wait[]>
  acknowledged?: ReadonlyMap<string, number>
}

/** Undefined where nothing was seen at the door. */
export function accountOf(door: Door, sources: AccountSources): Account | undefined {
  const list = sources.sightings[door]
  const whole = distributionOf(list)
  if (whole === undefined) return undefined
  const waits = sources.waits[door]
  const budgets = hopBudgets(waits)
  const rows = new Map<string, HopRow & { begins: number; count: number }>()
  const hasSdk = waits.some(({ hop }) => hop === 'sdk')
  const add = (hop: Hop, begins: number) => {
    const { key, known, from, ms, said } = folded(hop, budgets, hasSdk)
    const row = rows.get(key) ?? { key, known, from, mean: 0, max: 0, begins: 0, count: 0 }
    row.begins += begins
    row.count++
    row.mean += ms / list.length
    row.max = Math.max(row.max, ms)
    if (said !== undefined) row.said ??= said
    const budget = budgets.get(key)
    if (budget) row.budget = budget
    rows.set(key, row)
  }
  for (const sighting of list) {
    const at = sources.acknowledged?.get(`${door} ${sighting.what}`)
    const evidence = { passages: sources.passages, others: others(sources, sighting) }
    let begins = 0
    for (const hop of hopsOf(sighting, { ...evidence, ...(at === undefined ? {} : { acknowledgedAt: at }) })) {
      add(hop, begins)
      begins += hop.ms
    }
  }
  // Not every thing tells of every hop: they stand in the order in which they begin.
  const ordered = [...rows.values()].sort((a, b) => a.begins / a.count - b.begins / b.count)
  const hops = splitRest(
    ordered.map(({ begins: _, count: __, ...row }) => row),
    budgets,
  )
  const account = { door, whole, budget: budgetOf(waits), hops }
  return { ...account, findings: findingsOf(account) }
}

const others = ({ sightings }: AccountSources, { traceId }: Sighting) =>
  sightings['trace-by-id'].filter((one) => traceId !== undefined && one.traceId === traceId)

/** Places that do not wait are told of as one; what has no SDK is just on its way. */
function folded(hop: Hop, budgets: ReadonlyMap<string, Budget>, hasSdk: boolean): Hop {
  if (hop.key === 'sdk' && !hasSdk) return { ...hop, key: 'send' }
  const works = /^(receiver|processor|connector)\//.test(hop.key) && !budgets.has(hop.key)
  return works && hop.ms < 20 ? { ...hop, key: 'receive', from: 'tap: receiver and processors, in and out' } : hop
}

/**
 * What nobody has looked into is what the configs predict, and the rest: up to Prometheus' visit it is the wait for
 * that, as far as it can be; what is left then is said to be unexplained.
 */
function splitRest(rows: readonly HopRow[], budgets: ReadonlyMap<string, Budget>): HopRow[] {
  return rows.flatMap((row) => {
    if (row.key !== UNSEEN && row.key !== UNSEEN_TO_SCRAPE) return [row]
    const scrape = row.key === UNSEEN_TO_SCRAPE ? budgets.get('scrape') : undefined
    const hidden = [...budgets].filter(([key, own]) => own !== scrape && !rows.some((other) => other.key === key))
    const predicted = hidden.map(([key, budget]): HopRow => {
      const names = budget.waits.map(({ name }) => name).join(', ')
      return { key, known: 'predicted', from: names, mean: budget.mean, max: budget.max, budget }
    })
    const rest = row.mean - predicted.reduce((sum, { mean }) => sum + mean, 0)
    if (scrape === undefined) return [...predicted, ...unexplained(row, rest)]
    const mean = Math.min(Math.max(rest, 0), scrape.max)
    const from = "the sample's own time, less what is predicted before"
    const visit: HopRow = { ...row, key: 'scrape', from, mean, max: Math.min(row.max, scrape.max), budget: scrape }
    return [...predicted, visit, ...(rest === mean ? [] : unexplained(row, rest - mean))]
  })
}

const unexplained = (row: HopRow, mean: number): HopRow[] => [
  { ...row, key: 'unexplained', known: 'unexplained', mean, max: Math.max(mean, 0) },
]
