import type { Niimath } from './niimath.ts'
import type { StepReport, Volume } from './volume.ts'

/** A Gaussian's full width at half its height is so many of its standard deviations. */
const FWHM_PER_SIGMA = Math.sqrt(8 * Math.log(2))

/**
 * Gaussian smoothing inside of the brain only: the smoothed brain over the smoothed mask, so that the blank around
 * it does not darken its edge.
 */
export function smooth(volume: Volume, niimath: Niimath, fwhm: number): StepReport {
  const { data, mask } = volume
  const sigma = fwhm / FWHM_PER_SIGMA
  const operators = ['-s', sigma.toFixed(4)]
  const blurred = niimath(volume, operators)
  const weight = mask && niimath({ ...volume, data: Float32Array.from(mask) }, operators)
  for (let i = 0; i < data.length; i++) {
    if (!mask || !weight) data[i] = blurred[i]!
    else data[i] = mask[i] && weight[i]! > 0 ? blurred[i]! / weight[i]! : 0
  }
  return { 'neuro.smooth.fwhm_mm': fwhm, 'neuro.smooth.sigma_mm': sigma }
}
