import type { Budget } from './budget.ts'
import type { Distribution } from './distribution.ts'
import type { Door } from './door.ts'

/** measured: two clocks were read; derived: the difference of two things that were; predicted: by the configs alone. */
export type Known = 'measured' | 'derived' | 'predicted'

/** A part of a thing's way, in milliseconds. */
export interface Hop {
  /** `sdk`, `receiver/otlp`, `processor/batch`, `exporter/otlp_grpc/tempo`, `ingest`, `cut`, `scrape`, `query`, … */
  key: string
  ms: number
  known: Known
  /** What it is known from. */
  from: string
  /** What the place itself said on the way, such as why it tried again. */
  said?: string
}

/** A figure outside of what the configs predict. */
export interface Finding {
  hop: string
  /** In milliseconds: measured, and what was to be expected. */
  mean: number
  expected: number
  cause: string
}

/** One hop over all sightings of a door; the means add up to the mean of the whole. */
export interface HopRow {
  key: string
  known: Known | 'unexplained'
  from: string
  mean: number
  max: number
  budget?: Budget
  said?: string
}

/** Where the time goes that a door's things take. */
export interface Account {
  door: Door
  whole: Distribution
  budget: Budget
  hops: HopRow[]
  findings: Finding[]
}
