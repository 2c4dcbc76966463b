import { type Distribution, distributionOf } from './latency/distribution.ts'
import { MEASURES, type Measure } from './latency/measure.ts'
import type { ProbeResult } from './latency/probe.ts'

export { budgetOf, type Intervals } from './latency/budget.ts'
export type { Distribution } from './latency/distribution.ts'
export { deadlineFor, readHistory, rememberLatency } from './latency/history.ts'
export { MEASURES, type Measure } from './latency/measure.ts'
export { type ProbeEvent, type ProbeResult, probe } from './latency/probe.ts'

export type Figures = Partial<Record<Measure, Distribution>>

/** One distribution for each measure of which anything was seen. */
export function figuresOf({ sightings }: Pick<ProbeResult, 'sightings'>): Figures {
  return Object.fromEntries(
    MEASURES.flatMap((measure) => {
      const distribution = distributionOf(sightings[measure])
      return distribution ? [[measure, distribution]] : []
    }),
  )
}
