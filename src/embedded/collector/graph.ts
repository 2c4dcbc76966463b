import type { CollectorConfig, ComponentConfig, PipelineConfig } from '../../collector-config.ts'
import type { Signal } from '../../otlp/types.ts'
import { SIGNALS } from '../../util/signal.ts'
import {
  type Accept,
  type Build,
  type Component,
  type Consume,
  type Consumer,
  type Factories,
  itemCount,
  type Payload,
} from './component.ts'
import { partOf } from './delivery.ts'
import { NO_TAP, type Place, type TapNotes } from './tap/notes.ts'

/** The pipelines of a config, wired but not yet started. */
export interface Graph {
  /** Every receiver's way in, for what a journal replays. */
  entries: Partial<Record<Signal, Consume>>
  /** In the order to start: exporters first, receivers last; stopping goes the other way round. */
  components: { label: string; component: Component }[]
}

type BuildFor = (config: ComponentConfig, kind: string, signal?: string, output?: string) => Build

/**
 * Builds what the pipelines use, as service/internal/graph does: processors for each pipeline, exporters for each
 * signal, a connector for each pair of signals. The config is known to be sound: no dangling ids, no cycles.
 */
export function buildGraph(
  config: CollectorConfig,
  factories: Factories,
  build: BuildFor,
  wrap: Wrap,
  tap: TapNotes = NO_TAP,
): Graph {
  const pipelines = [...config.service.pipelines.values()]
  const exporters = new Map<string, Consumer>()
  const connectors = new Map<string, Consumer>()
  const heads = new Map<string, Consume>()
  const inOrder: Graph['components'] = []

  const exporterOf = (id: string, signal: Signal): Consumer => {
    const key = `${id} ${signal}`
    const known = exporters.get(key)
    if (known) return known
    const settings = config.exporters.get(id)!
    const exporter = placed(settings, `exporters::${id}`, () =>
      factories.exporters[settings.type]!(build(settings, 'exporter', signal), signal),
    )
    exporters.set(key, exporter)
    inOrder.push({ label: `exporter ${id}`, component: exporter })
    return exporter
  }

  const connectorOf = (id: string, from: Signal): Consumer[] => {
    const targets = pipelines.filter(({ receivers }) => receivers.includes(id))
    const signals = [...new Set(targets.map(({ signal }) => signal))]
    return signals.map((to) => {
      const key = `${id} ${from} ${to}`
      const known = connectors.get(key)
      if (known) return known
      const settings = config.connectors.get(id)!
      const place: Place = { signal: to, kind: 'connector', id }
      const into = targets.filter(({ signal }) => signal === to)
      const ways = new Map(into.map((pipeline) => [pipeline.id, entryOf(tap, place, headOf)(pipeline)]))
      const next = fanOut([...ways.values()])
      const make = factories.connectors[settings.type]!
      const connector = placed(settings, `connectors::${id}`, () =>
        make(build(settings, 'connector', from, to), from, to, next, ways),
      )
      connectors.set(key, connector)
      inOrder.push({ label: `connector ${id}`, component: connector })
      return connector
    })
  }

  /** The way into a pipeline: its first processor, or the exporters themselves. */
  const headOf = (pipeline: PipelineConfig): Consume => {
    const known = heads.get(pipeline.id)
    if (known) return known
    const { signal } = pipeline
    const ends = pipeline.exporters.flatMap((id) => {
      const kind = config.connectors.has(id) ? 'connector' : 'exporter'
      const place: Place = { signal, kind, id, pipeline: pipeline.id }
      const into = kind === 'connector' ? connectorOf(id, signal) : [exporterOf(id, signal)]
      // A connector may lead to several signals: what comes to it comes once.
      const enter = watched(tap, place, 'in', fanOut(into.map((end) => (payload) => end.consume(payload))))
      return [oncePerEnd(`${pipeline.id} ${id}`, enter)]
    })
    let next: Consume = fanOut(ends)
    for (const id of pipeline.processors.toReversed()) {
      const settings = config.processors.get(id)!
      const made = build(settings, 'processor', signal)
      const count = counting(made, signal)
      const place: Place = { signal, kind: 'processor', id, pipeline: pipeline.id }
      const after = count('outgoing', watched(tap, place, 'out', next))
      const processor = placed(settings, whereOf(settings, pipeline.id), () =>
        factories.processors[settings.type]!(made, signal, after),
      )
      inOrder.push({ label: `processor ${id}`, component: processor })
      next = watched(
        tap,
        place,
        'in',
        count('incoming', (payload) => processor.consume(payload)),
      )
    }
    heads.set(pipeline.id, next)
    return next
  }

  for (const pipeline of pipelines) headOf(pipeline)

  const entries: Graph['entries'] = {}
  for (const signal of SIGNALS) {
    const fed = pipelines.filter((p) => p.signal === signal && p.receivers.some((id) => config.receivers.has(id)))
    const from = (pipeline: PipelineConfig) => pipeline.receivers.find((id) => config.receivers.has(id))!
    const into = fed.map((one) => entryOf(tap, { signal, kind: 'receiver', id: from(one) }, headOf)(one))
    if (fed.length > 0) entries[signal] = fanOut(into)
  }
  for (const [id, settings] of config.receivers) {
    const accept: Partial<Record<Signal, Accept>> = {}
    for (const signal of SIGNALS) {
      const fed = pipelines.filter((p) => p.signal === signal && p.receivers.includes(id))
      const place: Place = { signal, kind: 'receiver', id }
      if (fed.length > 0) accept[signal] = wrap(fanOut(fed.map(entryOf(tap, place, headOf))))
    }
    if (Object.keys(accept).length === 0) continue
    const receiver = factories.receivers[settings.type]!(build(settings, 'receiver'), accept)
    inOrder.push({ label: `receiver ${id}`, component: receiver })
  }
  return { entries, components: inOrder }
}

/** A component that cannot be built, and where it stands in the config. */
export class BuildError extends Error {
  readonly line: number | undefined
  constructor(message: string, line: number | undefined) {
    super(message)
    this.name = 'BuildError'
    this.line = line
  }
}

/** The filter's conditions are read with the config, the others' settings when the pipeline is built. */
function whereOf({ id, type }: ComponentConfig, pipeline: string): string {
  return type === 'filter' ? `processors::${id}` : `failed to create "${id}" processor, in pipeline "${pipeline}"`
}

function placed<T>({ line }: ComponentConfig, where: string, make: () => T): T {
  try {
    return make()
  } catch (error) {
    const { message } = error as Error
    throw new BuildError(message.startsWith('failed to create') ? message : `${where}: ${message}`, line)
  }
}

/** Processors tell how much came and went; batch does not, in the real one either. */
function counting({ config, telemetry }: Build, signal: Signal) {
  const labels = { processor: config.id, otel_signal: signal }
  return (way: 'incoming' | 'outgoing', next: Consume): Consume => {
    if (config.type === 'batch') return next
    return (payload) => {
      telemetry.add(`otelcol_processor_${way}_items`, labels, itemCount(payload))
      return next(payload)
    }
  }
}

/** What passes there is told to the tap, and so is a refusal of what follows. */
function watched(tap: TapNotes, place: Place, step: 'in' | 'out', next: Consume): Consume {
  if (tap === NO_TAP) return next
  return (payload) => {
    if (place.kind === 'receiver' && payload.delivery.runs === undefined) {
      payload.delivery.runs = new Set(tap.runsOf(payload))
    }
    tap.note(place, step, payload)
    // What comes out is refused by what comes after it, which tells so itself.
    if (step === 'out') return next(payload)
    try {
      const result = next(payload)
      return result?.catch((error: unknown) => {
        tap.refuse(place, payload, error)
        throw error
      })
    } catch (error) {
      tap.refuse(place, payload, error)
      throw error
    }
  }
}

/** The way out of a receiver or a connector into a pipeline. */
const entryOf =
  (tap: TapNotes, place: Place, headOf: (pipeline: PipelineConfig) => Consume) => (pipeline: PipelineConfig) =>
    watched(tap, { ...place, pipeline: pipeline.id }, 'out', headOf(pipeline))

/** What the journal sends again goes to the ends that were not done with it. */
function oncePerEnd(end: string, next: Consume): Consume {
  return (payload) => {
    const { delivery } = payload
    if (delivery.settled.has(end)) return delivery.release()
    return next({ ...payload, delivery: partOf(delivery, end) })
  }
}

/** What stands between a receiver and its pipelines: the journal. */
export type Wrap = (next: Consume) => Accept

/** One payload to several consumers; each holds the delivery. The first refusal is the answer, as in the real one. */
export function fanOut(consumers: readonly Consume[]): Consume {
  if (consumers.length === 1) return consumers[0]!
  return async (payload: Payload) => {
    payload.delivery.retain(consumers.length - 1)
    const results = await Promise.allSettled(consumers.map(async (consume) => consume(payload)))
    const failed = results.find((result) => result.status === 'rejected')
    if (failed) throw failed.reason
  }
}
