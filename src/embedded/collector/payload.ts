import type { Signal, SignalData } from '../../otlp/types.ts'
import type { Delivery } from './delivery.ts'

/** What travels along a pipeline. `data` may be shared with others: who changes it makes a copy of what changes. */
export type Payload = {
  [S in Signal]: { signal: S; data: SignalData[S]; delivery: Delivery; metadata?: Metadata }
}[Signal]

/** What the sender's request had beside its body (headers, names in lower case), where the receiver is told to keep it. */
export type Metadata = Record<string, string[]>
