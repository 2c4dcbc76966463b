import type { ExerciseLab } from '../lab.ts'

const EVERY_MS = 1_000

/**
 * Notices telemetry that came in without us: the learner ran their program in another terminal. Told once it has
 * stopped coming, for what still flows is not there to be judged yet.
 */
export function watchTraffic(options: {
  openLab(): Promise<ExerciseLab>
  /** Nothing of ours runs. */
  isQuiet(): boolean
  onTraffic(text: string): void
}): { stop(): void } {
  const { openLab, isQuiet, onTraffic } = options
  let timer: NodeJS.Timeout | undefined
  let stopped = false
  /** What had come in when it was last quiet, and when it was last asked. */
  let base: number | undefined
  let last: number | undefined
  let lab: ExerciseLab | undefined

  async function look(): Promise<void> {
    if (!isQuiet()) {
      base = undefined
      return
    }
    lab ??= await openLab()
    const now = await received(lab)
    // Ours began meanwhile; a collector that was restarted counts from nothing.
    if (!isQuiet() || now === undefined || base === undefined || now < base) base = now
    else if (now > base && now === last) {
      onTraffic(`${now - base} spans came in from elsewhere`)
      base = now
    }
    last = now
  }
  const turn = () => {
    void look()
      .catch(() => {
        base = undefined
        lab = undefined
      })
      .finally(() => {
        if (stopped) return
        timer = setTimeout(turn, EVERY_MS)
      })
  }
  turn()
  return {
    stop() {
      stopped = true
      clearTimeout(timer)
    },
  }
}

/** Spans that the collector's receivers took in since it started; undefined when it tells none. */
async function received(lab: ExerciseLab): Promise<number | undefined> {
  const counters = await lab.backends.collector.counters(lab.signal ? { signal: lab.signal } : {})
  const doors = counters.filter(({ kind, signal }) => kind === 'receiver' && signal === 'traces')
  return doors.reduce((sum, { accepted }) => sum + accepted, 0)
}
