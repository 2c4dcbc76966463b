import { type ReplayLab, replayLab } from './lab.ts'

export interface LentLabs {
  /** Waits for a lab of its own; the next one gets it afterwards. */
  lend<T>(work: (lab: ReplayLab) => Promise<T>): Promise<T>
  close(): Promise<void>
}

/** So many labs at most, each made when it is first needed. */
export function lendLabs(most: number): LentLabs {
  /** Undefined is a place where no lab was made yet. */
  const free: (ReplayLab | undefined)[] = Array.from({ length: most })
  const made: ReplayLab[] = []
  const waiting: (() => void)[] = []
  return {
    async lend(work) {
      while (free.length === 0) await new Promise<void>((done) => waiting.push(done))
      let lab = free.pop()
      try {
        if (lab === undefined) {
          lab = await replayLab()
          made.push(lab)
        }
        return await work(lab)
      } catch (error) {
        // Somebody has taken a port that a fault moves to, and keeps it: the next try is made in another lab.
        if (lab && /address already in use/.test((error as Error).message)) {
          made.splice(made.indexOf(lab), 1)
          await lab.close()
          lab = undefined
        }
        throw error
      } finally {
        // Those with a lab are taken first.
        if (lab) free.push(lab)
        else free.unshift(lab)
        waiting.shift()?.()
      }
    },
    async close() {
      for (const lab of made) await lab.close()
    },
  }
}
