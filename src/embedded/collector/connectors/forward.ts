import type { Signal } from '../../../otlp/types.ts'
import type { Build, Consume, Consumer } from '../component.ts'

/** Leads from one pipeline into another as it is. */
export function createForward(_build: Build, _from: Signal, _to: Signal, next: Consume): Consumer {
  return { consume: next }
}
