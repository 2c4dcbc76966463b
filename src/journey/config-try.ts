import type { Engine, Passage, Replayed } from '../engine.ts'
import { EXIT, LabError } from '../errors.ts'
import { budgetOf, type Door, readWaits, type Waits } from '../latency.ts'
import { SIGNALS, type Signal } from '../util/signal.ts'
import { type Item, itemsOf } from './config-try/items.ts'

/** What becomes of one span, line or series. */
export interface ItemChange {
  signal: Signal
  exporter: string
  name: string
  kind: 'added' | 'dropped' | 'changed'
  /** `+ attributes.x = 1`, `- attributes.y`, `~ name: a -> b`. */
  edits: string[]
}

export interface SignalCost {
  before: number
  after: number
}

export interface ConfigTrial {
  runId: string
  /** Requests of the run that were put through both configs. */
  requests: number
  changes: ItemChange[]
  same: Record<Signal, number>
  /** Items that come out at all exporters together, series, and bytes on the wire. */
  items: Record<Signal, SignalCost>
  bytes: Record<Signal, SignalCost>
  /** Mean of the waits that the configs prescribe, by door, where it differs. */
  delays: { door: Door; before: number; after: number }[]
  refused: Replayed['refused']
}

interface TrialOptions {
  engine: Pick<Engine, 'tap' | 'replay' | 'kind'>
  /** As it runs, and as it would. */
  running: string
  edited: string
  tempo: string
  targets: readonly { url: string; interval: string }[]
  env: Record<string, string | undefined>
  /** The newest run unless said. */
  runId?: string
}

/** Puts the last run's telemetry through both configs and says what differs. Throws LabError `nothing-to-replay`. */
export async function tryConfig(options: TrialOptions): Promise<ConfigTrial> {
  const { engine, running, edited, env, tempo, targets } = options
  if (engine.tap === undefined || engine.replay === undefined) {
    throw new LabError(
      'cannot-replay',
      `the ${engine.kind} engine's collector cannot be looked into, so nothing can be replayed`,
      {
        hint: 'otel-lab up --engine embedded',
        exit: EXIT.failed,
      },
    )
  }
  const { runId, requests } = await lastRun(engine.tap, options.runId)
  const waits = (collector: string) => readWaits({ configs: { collector, tempo }, targets, sdk: undefined, env })
  const [[before, after], waitsBefore, waitsAfter] = await Promise.all([
    engine.replay([running, edited], requests),
    waits(running),
    waits(edited),
  ])
  return {
    runId,
    requests: requests.length,
    ...difference(itemsOf(before!), itemsOf(after!)),
    bytes: costs((signal) => [bytesOf(before!, signal), bytesOf(after!, signal)]),
    delays: delaysOf(waitsBefore, waitsAfter),
    refused: after!.refused,
  }
}

const MAX_PASSAGES = 4_096

/** What came in of a run, as it came: the newest whose payloads the collector still holds. */
async function lastRun(tap: NonNullable<Engine['tap']>, wanted: string | undefined) {
  const passages = await tap.passages({ limit: MAX_PASSAGES, ...(wanted ? { runId: wanted } : {}) })
  const came = passages.filter(({ kind, step }) => kind === 'receiver' && step === 'in')
  const runId = wanted ?? came.findLast(({ runIds }) => runIds.length > 0)?.runIds[0]
  const ofRun = came.filter((one) => runId !== undefined && one.runIds.includes(runId))
  const requests = await Promise.all(
    ofRun.map(async ({ seq, signal }): Promise<{ signal: Passage['signal']; json: unknown }[]> => {
      const payload = await tap.payload(seq)
      return payload ? [{ signal, json: JSON.parse(payload.text) }] : []
    }),
  )
  if (runId === undefined || requests.flat().length === 0) {
    throw new LabError(
      'nothing-to-replay',
      wanted ? `the collector holds nothing of run ${wanted} any more` : 'the collector has seen no run since it began',
      { hint: 'otel-lab run, then otel-lab config try', exit: EXIT.failed },
    )
  }
  return { runId, requests: requests.flat() }
}

const bySignal = <T>(make: (signal: Signal) => T) =>
  Object.fromEntries(SIGNALS.map((signal) => [signal, make(signal)])) as Record<Signal, T>
const costs = (of: (signal: Signal) => [number, number]) =>
  bySignal((signal) => {
    const [before, after] = of(signal)
    return { before, after }
  })
const bytesOf = ({ exported }: Replayed, signal: Signal) =>
  exported.reduce((sum, one) => sum + (one.signal === signal ? one.bytes : 0), 0)

function difference(before: readonly Item[], after: readonly Item[]): Pick<ConfigTrial, 'changes' | 'same' | 'items'> {
  const now = new Map(after.map((item) => [item.key, item]))
  const then = new Set(before.map(({ key }) => key))
  const same = bySignal(() => 0)
  const changes: ItemChange[] = []
  const told = ({ signal, exporter, name }: Item) => ({ signal, exporter, name })
  for (const item of before) {
    const match = now.get(item.key)
    if (match === undefined) changes.push({ ...told(item), kind: 'dropped', edits: [] })
    else {
      const edits = editsOf(item.fields, match.fields)
      if (edits.length === 0) same[item.signal]++
      else changes.push({ ...told(item), kind: 'changed', edits })
    }
  }
  for (const item of after) if (!then.has(item.key)) changes.push({ ...told(item), kind: 'added', edits: [] })
  const count = (list: readonly Item[], signal: Signal) => list.filter((item) => item.signal === signal).length
  return { changes, same, items: costs((signal) => [count(before, signal), count(after, signal)]) }
}

function editsOf(before: ReadonlyMap<string, string>, after: ReadonlyMap<string, string>): string[] {
  const edits: string[] = []
  for (const [path, value] of after) {
    const old = before.get(path)
    if (old === undefined) edits.push(`+ ${path} = ${value}`)
    else if (old !== value) edits.push(`~ ${path}: ${old} -> ${value}`)
  }
  for (const path of before.keys()) if (!after.has(path)) edits.push(`- ${path}`)
  return edits
}

function delaysOf(before: Waits, after: Waits): ConfigTrial['delays'] {
  return (['trace-by-id', 'logs', 'metrics'] as const).flatMap((door) => {
    const [old, fresh] = [budgetOf(before[door]).mean, budgetOf(after[door]).mean]
    return old === fresh ? [] : [{ door, before: old, after: fresh }]
  })
}
