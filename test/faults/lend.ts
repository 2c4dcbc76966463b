import { type ReplayLab, replayLab } from './lab.ts'

export interface LentLabs {
  /** Waits for a lab of its own; the next one gets it afterwards. */
  lend<T>(work: (lab: ReplayLab) => Promise<T>): Promise<T>
  close(): Promise<void>
}

/** So many labs at most, each made when it is first needed. */
export function lendLabs(most: number): LentLabs {
  const made: Promise<ReplayLab>[] = []
  const free: ReplayLab[] = []
  const waiting: ((lab: ReplayLab) => void)[] = []
  const borrow = async (): Promise<ReplayLab> => {
    const lab = free.pop()
    if (lab) return lab
    if (made.length >= most) return new Promise((done) => waiting.push(done))
    const next = replayLab()
    made.push(next)
    return next
  }
  return {
    async lend(work) {
      const lab = await borrow()
      try {
        return await work(lab)
      } finally {
        const next = waiting.shift()
        if (next) next(lab)
        else free.push(lab)
      }
    },
    async close() {
      for (const lab of await Promise.allSettled(made)) if (lab.status === 'fulfilled') await lab.value.close()
    },
  }
}
