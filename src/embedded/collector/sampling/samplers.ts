import { attributeOf, stringOf } from '../../../otlp/attributes.ts'
import type { LogRecord, Signal, Span } from '../../../otlp/types.ts'
import { type Carried, type Carrier, logCarrier, spanCarrier } from './carriers.ts'
import { BUCKETS, hashedRandomness } from './hashing.ts'
import { ALL_RANDOMNESS, MIN_PROBABILITY, NEVER, probabilityOf, randomnessOf, thresholdOf } from './threshold.ts'

/** The number that decides on an item, and the name that the metrics count it under. */
interface Randomness {
  value: bigint
  policy: string
}

export interface Looked {
  randomness: Randomness
  /** Absent where nothing can be written. */
  carrier?: Carrier
  /** Why no threshold applies. */
  fault?: string
}

export interface Sampler {
  look(item: Span | LogRecord): Looked
  threshold(carrier: Carrier | undefined): bigint
}

interface Settings {
  sampling_percentage: number
  hash_seed: number
  mode: string
  sampling_precision: number
  attribute_source: string
  from_attribute: string
}

const MISSING: Randomness = { value: ALL_RANDOMNESS, policy: 'missing_randomness' }

/** probabilisticsamplerprocessor's modes. */
export function samplerOf(settings: Settings, signal: Signal): Sampler {
  const read =
    signal === 'traces'
      ? (item: Span | LogRecord) => spanCarrier(item as Span)
      : (item: Span | LogRecord) => logCarrier(item as LogRecord)
  const percentage = Math.fround(Math.min(settings.sampling_percentage, 100))
  if (percentage === 0) return never(read)
  const ratio = Math.max(percentage / 100, MIN_PROBABILITY)
  const precision = settings.sampling_precision
  if (settings.mode === 'equalizing') {
    const own = thresholdOf(ratio, precision)!
    return consistent(read, (carrier) =>
      carrier?.threshold !== undefined && own < carrier.threshold ? carrier.threshold : own,
    )
  }
  if (settings.mode === 'proportional') {
    return consistent(read, (carrier) => {
      const incoming = carrier?.threshold === undefined ? 1 : probabilityOf(carrier.threshold)
      return thresholdOf(incoming * ratio, precision) ?? NEVER
    })
  }
  // In 32 bits and cut, as it has always been.
  const buckets = Math.trunc(Math.fround(percentage * Math.fround(BUCKETS / 100)))
  if (buckets === 0) return never(read)
  const threshold = BigInt(BUCKETS - buckets) << 42n
  return { look: hashing(settings, signal, read), threshold: () => threshold }
}

type Read = (item: Span | LogRecord) => Carried

function never(read: Read): Sampler {
  const randomness = { value: ALL_RANDOMNESS, policy: 'sampling_priority' }
  return {
    // What could be read goes on even where something was wrong, in the real one too.
    look: (item) => checked({ randomness, ...read(item) }),
    threshold: () => NEVER,
  }
}

function consistent(read: Read, threshold: Sampler['threshold']): Sampler {
  return {
    threshold,
    look(item) {
      const { carrier, fault } = read(item)
      if (fault !== undefined) return { randomness: MISSING, fault }
      if (carrier.randomness !== undefined) {
        return checked({ randomness: { value: carrier.randomness, policy: 'sampling_randomness' }, carrier })
      }
      if (item.traceId === '') return checked({ randomness: MISSING, carrier })
      return checked({ randomness: { value: randomnessOf(item.traceId), policy: 'trace_id_w3c' }, carrier })
    },
  }
}

function hashing({ hash_seed: seed, ...s }: Settings, signal: Signal, read: Read): Sampler['look'] {
  const hashed = (item: Span | LogRecord): Randomness => {
    const byTrace = signal === 'traces' || s.attribute_source === 'traceID'
    if (byTrace && item.traceId !== '') {
      return { value: hashedRandomness(Buffer.from(item.traceId, 'hex'), seed), policy: 'trace_id_hash' }
    }
    if (signal === 'traces' || s.from_attribute === '') return MISSING
    const value = attributeOf(item.attributes, s.from_attribute)
    if (value === undefined) return MISSING
    const bytes = value instanceof Uint8Array ? value : Buffer.from(stringOf(value))
    return bytes.length === 0 ? MISSING : { value: hashedRandomness(bytes, seed), policy: s.from_attribute }
  }
  return (item) => {
    const randomness = hashed(item)
    const { carrier, fault } = read(item)
    if (fault !== undefined) return { randomness, fault }
    const better = 'equalizing or proportional mode recommended'
    if (carrier.randomness !== undefined) return { randomness, fault: `item has sampling randomness, ${better}` }
    if (carrier.threshold !== undefined) return { randomness, fault: `item has sampling threshold, ${better}` }
    if (signal === 'traces' || randomness !== MISSING) carrier.randomness = randomness.value
    return checked({ randomness, carrier })
  }
}

/** An item that should not have come so far, by its own threshold, has none any more. */
function checked(looked: Looked): Looked {
  const { randomness, carrier, fault } = looked
  if (fault !== undefined) return looked
  if (randomness === MISSING) return { ...looked, fault: 'missing randomness' }
  if (carrier?.threshold === undefined || carrier.threshold <= randomness.value) return looked
  carrier.threshold = undefined
  return { ...looked, fault: 'inconsistent arriving threshold: item should not have been sampled' }
}
