import type { Labels } from '../../series/labels.ts'
import type { SampleBuffer } from './evaluate/sample-buffer.ts'

/** A condition on a label; `equals` is set for an equality, so that an index can be asked. */
export interface SourceMatcher {
  name: string
  /** '' stands for an absent label. */
  matches(value: string): boolean
  equals?: string
}

export interface SourceSeries {
  labels: Labels
  /** Adds the samples in (from, to], oldest first, staleness markers among them. */
  read(from: number, to: number, into: SampleBuffer): void
  /** The newest sample in (from, to]; undefined when there is none or it marks the series' end. */
  last(from: number, to: number): { time: number; value: number } | undefined
}

/** What the language asks of a store. Times are milliseconds since the epoch. */
export interface SampleSource {
  /** The series that all matchers let pass, always in the same order. */
  select(matchers: readonly SourceMatcher[]): Iterable<SourceSeries>
}
