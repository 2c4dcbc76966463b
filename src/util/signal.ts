/** What telemetry is made of, as pipelines of the collector are called. */
export const SIGNALS = ['traces', 'metrics', 'logs'] as const

export type Signal = (typeof SIGNALS)[number]
