import { unsnappy } from '../snappy.ts'
import { InflateError, tooLarge } from './inflate-error.ts'

export function inflateSnappy(raw: Uint8Array, maxBytes: number): Uint8Array {
  try {
    return unsnappy(raw, maxBytes)
  } catch (error) {
    if (/inflates to more/.test((error as Error).message)) throw tooLarge(maxBytes)
    throw new InflateError('snappy: corrupt input')
  }
}
