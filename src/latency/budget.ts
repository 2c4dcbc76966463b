import type { Door } from './door.ts'

/** A wait that a setting prescribes. */
export interface Wait {
  /** The hop that it is spent in, such as `processor/batch`. */
  hop: string
  /** As the learner finds it in a config or sets it: `batch.timeout`, `OTEL_BSP_SCHEDULE_DELAY`. */
  name: string
  ms: number
  /**
   * A thing comes at any moment of a clock's round, so that it waits half of it on average; others wait it all.
   * `retry` is waited only when something failed.
   */
  kind: 'clock' | 'whole' | 'retry'
}

export type Waits = Record<Door, Wait[]>

export interface Budget {
  waits: Wait[]
  min: number
  mean: number
  max: number
}

/** What these waits alone make of a latency; what comes on top is work and transport. */
export function budgetOf(waits: readonly Wait[]): Budget {
  const kept = waits.filter(({ ms, kind }) => ms > 0 && kind !== 'retry')
  const sum = (share: Record<Wait['kind'], number>) => kept.reduce((total, { ms, kind }) => total + ms * share[kind], 0)
  return {
    waits: [...kept],
    min: sum({ clock: 0, whole: 1, retry: 0 }),
    mean: sum({ clock: 0.5, whole: 1, retry: 0 }),
    max: sum({ clock: 1, whole: 1, retry: 0 }),
  }
}

/** The budget of each hop that has one. */
export function hopBudgets(waits: readonly Wait[]): Map<string, Budget> {
  const hops = new Set(waits.filter(({ ms, kind }) => ms > 0 && kind !== 'retry').map(({ hop }) => hop))
  return new Map([...hops].map((hop) => [hop, budgetOf(waits.filter((wait) => wait.hop === hop))]))
}

/** `batch.timeout 0 to 1 s + scrape_interval 0 to 15 s`, given how to write a duration. */
export function waitsText(waits: readonly Wait[], duration: (ms: number) => string): string {
  const kept = budgetOf(waits).waits
  if (kept.length === 0) return 'no wait is configured'
  return kept.map(({ name, ms, kind }) => `${name} ${kind === 'clock' ? '0 to ' : ''}${duration(ms)}`).join(' + ')
}
