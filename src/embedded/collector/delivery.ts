/**
 * How many places still hold a piece of accepted data. When the last one lets go (sent, dropped on purpose, or
 * refused for good) the receiver's journal may forget it; after a crash what was not let go of is sent again.
 */
export interface Delivery {
  retain(times?: number): void
  release(): void
  /** The run ids that the data came in with, whatever is made of it later. */
  runs?: ReadonlySet<string>
  /** Ends of pipelines that were done with it before a crash: they are not given it again. */
  readonly settled: ReadonlySet<string>
  /** Says that one end of a pipeline is done with it, whatever the others do. */
  settle(end: string): void
}

const NONE: ReadonlySet<string> = new Set()

interface Settling {
  settled?: ReadonlySet<string>
  onSettled?: (end: string) => void
}

export function createDelivery(onDone: () => void, { settled = NONE, onSettled }: Settling = {}): Delivery {
  let holders = 1
  return {
    settled,
    settle: (end) => onSettled?.(end),
    retain(times = 1) {
      holders += times
    },
    release() {
      holders--
      if (holders === 0) onDone()
    },
  }
}

/** The part of a delivery that one end of a pipeline holds. */
export function partOf(whole: Delivery, end: string): Delivery {
  let holders = 1
  return {
    ...(whole.runs === undefined ? {} : { runs: whole.runs }),
    settled: whole.settled,
    settle: (other) => whole.settle(other),
    retain(times = 1) {
      holders += times
      whole.retain(times)
    },
    release() {
      if (--holders === 0) whole.settle(end)
      whole.release()
    },
  }
}

/** Beyond that nobody asks for one of them. */
const MAX_RUNS = 256

/** One delivery for data that several were merged into. */
export function mergeDeliveries(parts: readonly Delivery[]): Delivery {
  const merged = createDelivery(
    () => {
      for (const part of parts) part.release()
    },
    {
      // An end that lacks one of them is given all.
      settled: new Set(
        [...(parts[0]?.settled ?? NONE)].filter((end) => parts.every(({ settled }) => settled.has(end))),
      ),
      onSettled: (end) => {
        for (const part of parts) part.settle(end)
      },
    },
  )
  const runs = new Set(parts.flatMap((part) => [...(part.runs ?? [])]).slice(0, MAX_RUNS))
  if (runs.size > 0) merged.runs = runs
  return merged
}

/** For data that nobody waits for, such as a connector's own metrics. */
export const UNTRACKED: Delivery = { settled: NONE, settle() {}, retain() {}, release() {} }

/** The same, for what was made of other data: whose that came in as is known of it still. */
export const madeOf = (runs: ReadonlySet<string> = NONE): Delivery => ({ ...UNTRACKED, runs })

/** Remembers whose data something is made of, the newest runs of it. */
export function createMadeOf() {
  const runs = new Set<string>()
  return {
    add({ runs: more = NONE }: Delivery): void {
      for (const run of more) {
        runs.delete(run)
        runs.add(run)
        if (runs.size > MAX_RUNS) runs.delete(runs.values().next().value!)
      }
    },
    delivery: () => madeOf(new Set(runs)),
  }
}
