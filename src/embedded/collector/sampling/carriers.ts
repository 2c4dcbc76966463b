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

/** Throws Error on a tracestate that is none. */
export function spanCarrier(span: Span): Carrier {
  const state = parseTraceState(span.traceState)
  return {
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
}

const RANDOMNESS = 'sampling.randomness'
const THRESHOLD = 'sampling.threshold'

/** Throws Error on attributes that say nothing. */
export function logCarrier(log: LogRecord): Carrier {
  const text = (key: string) => {
    const value = attributeOf(log.attributes, key)
    return typeof value === 'string' && value !== '' ? value : undefined
  }
  const [rv, tv] = [text(RANDOMNESS), text(THRESHOLD)]
  const [randomness, threshold] = [rv && readRandomness(rv), tv && readThreshold(tv)]
  if (tv !== undefined && threshold === undefined) throw new Error('t-value exceeds 14 hex digits')
  if (rv !== undefined && randomness === undefined) throw new Error('r-value must have 14 hex digits')
  const before = { randomness: randomness as bigint | undefined, threshold: threshold as bigint | undefined }
  return {
    ...before,
    written() {
      const attributes = new Map(log.attributes.map(({ key, value }) => [key, value]))
      if (this.randomness !== before.randomness) attributes.set(RANDOMNESS, randomnessText(this.randomness!))
      if (this.threshold === undefined) attributes.delete(THRESHOLD)
      else if (this.threshold !== before.threshold) attributes.set(THRESHOLD, thresholdText(this.threshold))
      return { ...log, attributes: [...attributes].map(([key, value]) => ({ key, value })) }
    },
  }
}
