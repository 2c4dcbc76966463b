// OpenTelemetry's consistent probability sampling: a trace has a random number of 56 bits, a sampler a threshold; what
// is at or above the threshold is kept (specification, trace/tracestate-probability-sampling).

/** Above every random number. */
export const NEVER = 1n << 56n
export const ALWAYS = 0n
/** What every threshold but `NEVER` keeps. */
export const ALL_RANDOMNESS = NEVER - 1n
export const MIN_PROBABILITY = 1 / Number(NEVER)

const DIGITS = 14

const exponentOf = (value: number) => (value === 0 ? 0 : Math.floor(Math.log2(value)) + 1)

/** Undefined for a probability that no threshold stands for. `precision` is in hex digits. */
export function thresholdOf(probability: number, precision: number): bigint | undefined {
  if (!(probability >= MIN_PROBABILITY && probability <= 1)) return undefined
  if (probability === 1) return ALWAYS
  const more = (value: number) => (precision || DIGITS) + Math.trunc(exponentOf(value) / -4)
  const digits = Math.min(DIGITS, Math.max(more(probability), more(1 - probability)))
  const threshold = NEVER - BigInt(Math.round(probability * Number(NEVER)))
  const shift = BigInt(4 * (DIGITS - digits))
  return shift === 0n ? threshold : ((threshold + (1n << (shift - 1n))) >> shift) << shift
}

export const probabilityOf = (threshold: bigint): number => Number(NEVER - threshold) / Number(NEVER)

export const randomnessText = (value: bigint): string => value.toString(16).padStart(DIGITS, '0')

/** As `th` has it: zeroes at the end are left out, and for `NEVER` there is no text. */
export function thresholdText(value: bigint): string {
  if (value === NEVER) return ''
  return value === ALWAYS ? '0' : randomnessText(value).replace(/0+$/, '')
}

export function readThreshold(text: string): bigint | undefined {
  return /^[0-9a-f]{1,14}$/i.test(text) ? BigInt(`0x${text.padEnd(DIGITS, '0')}`) : undefined
}

export function readRandomness(text: string): bigint | undefined {
  return /^[0-9a-f]{14}$/i.test(text) ? BigInt(`0x${text}`) : undefined
}

/** The last 56 bits of a trace id (W3C Trace Context, level 2). */
export const randomnessOf = (traceId: string): bigint => BigInt(`0x${traceId.slice(-14)}`)
