import { attributeOf } from '../../../otlp/attributes.ts'
import type { LogRecord, Span } from '../../../otlp/types.ts'
import { randomnessText, readRandomness, readThreshold, thresholdText } from './threshold.ts'
import { parseTraceState } from './trace-state.ts'

/** Where an item carries how it was sampled before: a span in its tracestate, a log record in attributes. */
export interface Carrier {
  randomness: bigint | undefined
  threshold: bigint | undefined
  /** The item with what was set. */
  written(): unknown
}

/** A carrier with what could be read, and what was wrong. */
export interface Carried {
  carrier: Carrier
  fault?: string
}

export function spanCarrier(span: Span): Carried {
  const { fault, ...state } = parseTraceState(span.traceState)
  const carrier: Carrier = {
    randomness: state.randomness,
    threshold: state.threshold,
    written() {
      const { randomness, threshold } = this
      const own = [
        ...(randomness === undefined ? [] : [`rv:${randomnessText(randomness)}`]),
        ...(threshold === undefined || thresholdText(threshold) === '' ? [] : [`th:${thresholdText(threshold)}`]),
        ...state.fields,
      ]
      const members = [...(own.length === 0 ? [] : [`ot=${own.join(';')}`]), ...state.others]
      return { ...span, traceState: members.join(',') }
    },
  }
  return fault === undefined ? { carrier } : { carrier, fault }
}

const RANDOMNESS = 'sampling.randomness'
const THRESHOLD = 'sampling.threshold'

export function logCarrier(log: LogRecord): Carried {
  const text = (key: string) => {
    const value = attributeOf(log.attributes, key)
    return typeof value === 'string' && value !== '' ? value : undefined
  }
  const [rv, tv] = [text(RANDOMNESS), text(THRESHOLD)]
  const [randomness, threshold] = [rv && readRandomness(rv), tv && readThreshold(tv)]
  const faults = [
    ...(rv !== undefined && randomness === undefined ? ['r-value must have 14 hex digits'] : []),
    ...(tv !== undefined && threshold === undefined ? ['t-value exceeds 14 hex digits'] : []),
  ]
  const before = { randomness: randomness as bigint | undefined, threshold: threshold as bigint | undefined }
  const carrier: Carrier = {
    ...before,
    written() {
      const attributes = new Map(log.attributes.map(({ key, value }) => [key, value]))
      if (this.randomness !== before.randomness) attributes.set(RANDOMNESS, randomnessText(this.randomness!))
      if (this.threshold === undefined) attributes.delete(THRESHOLD)
      else if (this.threshold !== before.threshold) attributes.set(THRESHOLD, thresholdText(this.threshold))
      return { ...log, attributes: [...attributes].map(([key, value]) => ({ key, value })) }
    },
  }
  return faults.length === 0 ? { carrier } : { carrier, fault: faults.join('\n') }
}
