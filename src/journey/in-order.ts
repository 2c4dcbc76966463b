export interface InOrder<T> {
  push(step: T): void
  /** Tells what is so old that nothing older is to be expected. */
  release(now: number): void
  /** Tells the rest. */
  end(): void
}

/** Steps of several witnesses, told in the order in which they happened: each is held for so long. */
export function inOrder<T extends { at: number }>(tell: (step: T) => void, holdMs: number): InOrder<T> {
  let held: T[] = []
  const until = (time: number) => {
    held.sort((a, b) => a.at - b.at)
    const ripe = held.filter(({ at }) => at <= time)
    held = held.filter(({ at }) => at > time)
    for (const step of ripe) tell(step)
  }
  return {
    push: (step) => held.push(step),
    release: (now) => until(now - holdMs),
    end: () => until(Number.POSITIVE_INFINITY),
  }
}
