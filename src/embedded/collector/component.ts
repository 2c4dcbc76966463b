import type { ComponentConfig } from '../../collector-config.ts'
import type { Signal, SignalData } from '../../otlp/types.ts'
import type { Network } from '../network.ts'
import type { Logger } from './logger.ts'
import type { Metadata, Payload } from './payload.ts'
import type { TapNotes } from './tap/notes.ts'
import type { Telemetry } from './telemetry.ts'

export type { Metadata, Payload } from './payload.ts'

/** Resolves when the data was taken over; rejects with a ConsumerError when it was not. Takes over the payload's delivery. */
export type Consume = (payload: Payload) => Promise<void> | void

/** A receiver's way into the pipelines: resolves once the data is taken over and safe. `raw` is the protobuf it came as. */
export type Accept = <S extends Signal>(
  signal: S,
  data: SignalData[S],
  raw?: Uint8Array,
  metadata?: Metadata,
) => Promise<void>

export interface Component {
  /** Binds, connects, starts timers. Throws what the real one would say. */
  start?(): Promise<void> | void
  /** Hands on what it holds, then lets go of everything. */
  stop?(): Promise<void> | void
}

export interface Consumer extends Component {
  consume: Consume
}

/** What every component is built with. */
export interface Build {
  config: ComponentConfig
  network: Network
  logger: Logger
  telemetry: Telemetry
  tap: TapNotes
  /** service.instance.id of this collector, new with every start. */
  instanceId: string
  env: Record<string, string | undefined>
  /** What the parts of one component share: `make` is called for the first that asks. */
  shared<T>(key: string, make: () => T): T
  /** An extension that the config names and that has been started. */
  extension(id: string): Component | undefined
  /** A folder that file paths of the config are held inside of. */
  filesDir: string
}

/** A connector's ways on, by the ids of the pipelines that it leads into. */
export type Ways = ReadonlyMap<string, Consume>

export interface Factories {
  /** One receiver serves all the signals that pipelines ask of it. */
  receivers: Record<string, (build: Build, accept: Partial<Record<Signal, Accept>>) => Component>
  processors: Record<string, (build: Build, signal: Signal, next: Consume) => Consumer>
  exporters: Record<string, (build: Build, signal: Signal) => Consumer>
  connectors: Record<string, (build: Build, from: Signal, to: Signal, next: Consume, ways: Ways) => Consumer>
  extensions: Record<string, (build: Build) => Component>
}

/** Data that a pipeline will not take. `permanent` means that sending it again is no use. */
export class ConsumerError extends Error {
  readonly permanent: boolean
  /** The gRPC code that the sender is answered with, where a backend's own answer is passed on. */
  readonly code: number | undefined
  constructor(message: string, options: { permanent: boolean; code?: number }) {
    super(message)
    this.name = 'ConsumerError'
    this.permanent = options.permanent
    this.code = options.code
  }
}

/** What the collector's own metrics call the items of a signal. */
export const COUNTED: Record<Signal, string> = { traces: 'spans', metrics: 'metric_points', logs: 'log_records' }

/** How many spans, data points or log records; what the real one counts by. */
export function itemCount({ signal, data }: Pick<Payload, 'signal' | 'data'>): number {
  let count = 0
  for (const group of data as SignalData['metrics']) {
    for (const { items } of group.scopes) {
      if (signal !== 'metrics') count += items.length
      else for (const { data: metric } of items) count += metric.type === 'none' ? 0 : metric.points.length
    }
  }
  return count
}
