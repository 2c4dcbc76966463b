/**
 * How many places still hold a piece of accepted data. When the last one lets go (sent, dropped on purpose, or
 * refused for good) the receiver's journal may forget it; after a crash what was not let go of is sent again.
 */
export interface Delivery {
  retain(times?: number): void
  release(): void
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

/** One delivery for data that several were merged into. */
export function mergeDeliveries(parts: readonly Delivery[]): Delivery {
  return createDelivery(() => {
    for (const part of parts) part.release()
  })
}

/** For data that nobody waits for, such as a connector's own metrics. */
export const UNTRACKED: Delivery = { retain() {}, release() {} }
