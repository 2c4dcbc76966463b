import type { LogRecord, Signal, Span } from '../../../otlp/types.ts'
import type { Build, Consume, Consumer } from '../component.ts'
import { mapItems } from '../map-data.ts'
import { priorityOf } from '../sampling/priority.ts'
import { samplerOf } from '../sampling/samplers.ts'
import { ALWAYS, NEVER } from '../sampling/threshold.ts'

/** Keeps a share of traces or log records, the same ones everywhere that the same settings stand. */
export function createProbabilisticSampler(build: Build, signal: Signal, next: Consume): Consumer {
  const { config, telemetry, logger } = build
  const s = config.settings
  const sampler = samplerOf(s, signal)
  const priority = priorityOf(s, signal)

  /** The item with what was decided on it; undefined where it goes. */
  const sampled = (item: Span | LogRecord): unknown => {
    const { randomness, carrier, fault } = sampler.look(item)
    let threshold: bigint
    if (fault === undefined) threshold = sampler.threshold(carrier)
    else {
      logger.debug(signal === 'traces' ? 'traces sampler' : 'logs sampler', { error: fault })
      threshold = s.fail_closed ? NEVER : ALWAYS
    }
    const given = priority(item)
    const policy = given === undefined ? randomness.policy : 'sampling_priority'
    threshold = given ?? threshold
    const keep = threshold <= randomness.value
    const counter = `otelcol_processor_probabilistic_sampler_count_${signal}_sampled`
    telemetry.add(counter, { policy, sampled: String(keep) }, 1)
    if (!keep || carrier === undefined) return keep ? item : undefined
    // A probability can only fall on the way.
    if (carrier.threshold === undefined || carrier.threshold <= threshold) carrier.threshold = threshold
    return carrier.written()
  }
  return {
    consume(payload) {
      const kept = mapItems(payload, (item) => sampled(item as Span | LogRecord))
      return kept.data.length === 0 ? payload.delivery.release() : next(kept)
    },
  }
}
