import type { Static } from '../ast.ts'
import type { Trace } from '../source.ts'

export interface FoundSpan {
  id: string
  name: string | undefined
  startNanos: bigint
  durationNanos: bigint
  attributes: [string, Static][]
}

export interface FoundSet {
  matched: number
  attributes: { name: string; value: Static }[]
  spans: FoundSpan[]
}

export interface FoundTrace {
  trace: Omit<Trace, 'spans'>
  sets: FoundSet[]
}
