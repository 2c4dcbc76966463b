import { ScanFault } from '../fault.ts'
import { quantile } from './histogram.ts'
import type { StepReport, Volume } from './volume.ts'

/** Scales the brain so that its bright end (the 98th percentile, white matter) is 1: scanners have no unit. */
export function normalize(volume: Volume): StepReport {
  const { data, mask } = volume
  let high = 0
  for (let i = 0; i < data.length; i++) if (data[i]! > high) high = data[i]!
  const top = quantile(data, 0.98, [0, high], mask)
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
