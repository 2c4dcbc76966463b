/**
 * How many places still hold a piece of accepted data. When the last one lets go (sent, dropped on purpose, or
 * refused for good) the receiver's journal may forget it; after a crash what was not let go of is sent again.
 */
export interface Delivery {
  retain(times?: number): void
  release(): void
  /** The run ids that the data came in with, whatever is made of it later. */
  runs?: ReadonlySet<string>
}

export function createDelivery(onDone: () => void): Delivery {
  let holders = 1
  return {
    retain(times = 1) {
      holders += times
    },
    release() {
      holders--
      if (holders === 0) onDone()
    },
  }
}

/** Beyond that nobody asks for one of them. */
const MAX_RUNS = 256

/** One delivery for data that several were merged into. */
export function mergeDeliveries(parts: readonly Delivery[]): Delivery {
  const merged = createDelivery(() => {
    for (const part of parts) part.release()
  })
  const runs = new Set(parts.flatMap((part) => [...(part.runs ?? [])]).slice(0, MAX_RUNS))
  if (runs.size > 0) merged.runs = runs
  return merged
}

/** For data that nobody waits for, such as a connector's own metrics. */
export const UNTRACKED: Delivery = { retain() {}, release() {} }
