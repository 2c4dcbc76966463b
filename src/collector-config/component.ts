import type { Signal } from '../util/signal.ts'
import type { ConfigFiles } from './files.ts'
import type { Complaint, StructSchema } from './schema.ts'
import type { Running } from './shared/absent.ts'

export type ComponentKind = 'receiver' | 'processor' | 'exporter' | 'connector' | 'extension'

export const SECTIONS = {
  receiver: 'receivers',
  processor: 'processors',
  exporter: 'exporters',
  connector: 'connectors',
  extension: 'extensions',
} as const

/** What is known of a component type that the lab's collector runs. */
export interface ComponentDefinition<T = unknown> {
  kind: ComponentKind
  type: string
  /** A former name that still works. */
  alias?: { type: string; since: string }
  /** Signals it works on; for an extension none. */
  signals: readonly Signal[]
  /** For a connector: from which signal to which. */
  routes?: readonly (readonly [Signal, Signal])[]
  schema: StructSchema<T>
  /** What fails only when a pipeline uses it and the component is built; a connector leads `into` these pipelines. */
  build?(settings: T, signal: Signal, into?: readonly string[]): Iterable<Complaint>
  /** What fails only when it is started; `files` are those that the collector would read. */
  start?(settings: T, files: ConfigFiles, running: Running): Iterable<Complaint>
}

/** The definition as it is: the type of its settings is taken from its schema. */
export const component = <T>(definition: ComponentDefinition<T>): ComponentDefinition<T> => definition

export const ALL_SIGNALS = ['traces', 'metrics', 'logs'] as const
