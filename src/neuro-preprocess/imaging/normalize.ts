import { ScanFault } from '../fault.ts'
import { quantile } from './histogram.ts'
import type { StepReport, Volume } from './volume.ts'

/** Scales the brain so that its bright end (the 98th percentile, white matter) is 1: scanners have no unit. */
export function normalize(volume: Volume): StepReport {
  const { data, mask } = volume
  let high = 0
  for (const value of data) if (value > high) high = value
  const top = quantile(brain(data, mask), 0.98, [0, high])
  if (!(top > 0)) {
    throw new ScanFault(
      'no-contrast',
      'the brain is all dark: nothing is left to scale',
      'Look at the scan in a viewer',
    )
  }
  let sum = 0
  let count = 0
  for (let i = 0; i < data.length; i++) {
    if (mask && !mask[i]) continue
    data[i] = Math.min(1, data[i]! / top)
    sum += data[i]!
    count++
  }
  return { 'neuro.normalize.reference': top, 'neuro.normalize.mean': sum / count }
}

function* brain(data: Float32Array, mask: Uint8Array | undefined): Generator<number> {
  for (let i = 0; i < data.length; i++) if (!mask || mask[i]) yield data[i]!
}
