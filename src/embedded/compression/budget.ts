export interface Budget {
  /** Resolves, in the order of asking, when so many bytes are free; what it gives hands them back. */
  take(bytes: number): Promise<() => void>
}

/** So many bytes for all who ask together. Who wants more than there are gets them all. */
export function createBudget(total: number): Budget {
  let free = total
  const waiting: { bytes: number; go: (release: () => void) => void }[] = []
  const next = () => {
    while (waiting.length > 0 && waiting[0]!.bytes <= free) {
      const { bytes, go } = waiting.shift()!
      free -= bytes
      let held = true
      go(() => {
        if (!held) return
        held = false
        free += bytes
        next()
      })
    }
  }
  return {
    take: (bytes) =>
      new Promise((go) => {
        waiting.push({ bytes: Math.min(bytes, total), go })
        next()
      }),
  }
}
