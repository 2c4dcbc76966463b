import type { Signal } from '../util/signal.ts'

export type { Signal } from '../util/signal.ts'

/** Ways to ask for a thing. What is measured: from its making until the first answer there that has it. */
export const DOORS = [
  'trace-by-id',
  'trace-by-search',
  'trace-by-metrics',
  'logs',
  'logs-by-tail',
  'metrics',
  'metrics-by-exemplar',
] as const
export type Door = (typeof DOORS)[number]

export const DOOR_TITLES: Record<Door, string> = {
  'trace-by-id': 'Trace by id (Tempo)',
  'trace-by-search': 'Trace by search (Tempo)',
  'trace-by-metrics': 'Trace in TraceQL metrics',
  logs: 'Log line (Loki)',
  'logs-by-tail': 'Log line, live (Loki tail)',
  metrics: 'Metric (Prometheus)',
  'metrics-by-exemplar': 'Exemplar (Prometheus)',
}

export const SIGNAL_OF: Record<Door, Signal> = {
  'trace-by-id': 'traces',
  'trace-by-search': 'traces',
  'trace-by-metrics': 'traces',
  logs: 'logs',
  'logs-by-tail': 'logs',
  metrics: 'metrics',
  'metrics-by-exemplar': 'metrics',
}

/** A table with a cell for each door. */
export const forDoors = <T>(make: (door: Door) => T): Record<Door, T> =>
  Object.fromEntries(DOORS.map((door) => [door, make(door)])) as Record<Door, T>
