import { ScanFault } from '../fault.ts'
import { otsu, quantile } from './histogram.ts'
import { fitQuadratic, quadratic } from './quadratic.ts'
import type { StepReport, Volume } from './volume.ts'

/** So many voxels say as much of a smooth field as all do. */
const SAMPLES = 6_000
const ROUNDS = 4
/** Air, grey matter, white matter and the like: what the intensities are parted into before the field is fitted. */
const CLASSES = 3

/**
 * Takes out the slow change of brightness that a coil leaves across a head. The logarithm of each voxel is that of
 * its tissue plus the field's; tissues are found by k-means, the field as a quadratic in x, y, z by least squares,
 * in turns. niimath has no operator for it. Throws ScanFault `all-nan` or `no-contrast`.
 */
export function biasCorrect(volume: Volume): StepReport {
  const { data } = volume
  const { range, replaced } = makeFinite(data)
  const [low, high] = range
  // What is below zero carries no logarithm; a scan with an offset is brought to zero first.
  if (low < 0) for (let i = 0; i < data.length; i++) data[i]! -= low
  const top = quantile(data, 0.999, [0, high - Math.min(0, low)])
  const threshold = otsu(data, [0, top])
  const { places, logs } = sample(volume, threshold)
  if (places.length < 100) {
    throw new ScanFault(
      'no-contrast',
      `nothing stands out from the background: ${places.length} bright voxels of ${data.length}`,
      'Look at the scan in a viewer: it may be blank, or another thing than a head',
    )
  }
  let coefficients: number[] = []
  for (let round = 0; round < ROUNDS; round++) {
    const flat = logs.map((value, i) => value - (coefficients.length > 0 ? quadratic(coefficients, places[i]!) : 0))
    const means = kMeans(flat)
    const residuals = logs.map((value, i) => value - means[nearest(means, flat[i]!)]!)
    coefficients = fitQuadratic(places, residuals)
  }
  // Only the shape of the field is its own; its mean is the scan's brightness, and stays.
  const mean = places.reduce((sum, place) => sum + quadratic(coefficients, place), 0) / places.length
  const { least, most } = divide(volume, coefficients, mean)
  return { 'neuro.bias.field_min': least, 'neuro.bias.field_max': most, 'neuro.voxels.non_finite': replaced }
}

/** Takes the field off every voxel; returns its extremes. */
function divide({ data, shape }: Volume, c: readonly number[], mean: number): { least: number; most: number } {
  let least = Number.POSITIVE_INFINITY
  let most = 0
  for (let z = 0, i = 0; z < shape[2]; z++) {
    for (let y = 0; y < shape[1]; y++) {
      // Along a row the field is a quadratic in x alone: no array for each of millions of voxels.
      const [, v, w] = unit(shape, 0, y, z) as [number, number, number]
      const row = quadratic(c, [0, v, w]) - mean
      const slope = c[1]! + c[7]! * v + c[8]! * w
      for (let x = 0; x < shape[0]; x++, i++) {
        const u = (2 * x) / shape[0] - 1
        const field = Math.exp(clamp(row + u * (slope + c[4]! * u), 1.2))
        data[i]! /= field
        if (field < least) least = field
        if (field > most) most = field
      }
    }
  }
  return { least, most }
}

/** NaN and infinities become the least value; returns the range of the others. */
function makeFinite(data: Float32Array): { range: [number, number]; replaced: number } {
  let low = Number.POSITIVE_INFINITY
  let high = Number.NEGATIVE_INFINITY
  let finite = 0
  for (let i = 0; i < data.length; i++) {
    const value = data[i]!
    if (!Number.isFinite(value)) continue
    finite++
    if (value < low) low = value
    if (value > high) high = value
  }
  if (finite === 0) {
    throw new ScanFault(
      'all-nan',
      `every one of its ${data.length} voxels is NaN or infinite: there is no image in it`,
      'Look at the step before that wrote it (a division by zero, an empty mask), and export it again',
    )
  }
  if (low === high) {
    throw new ScanFault(
      'no-contrast',
      `every voxel has the same value, ${low}: there is no image in it`,
      'Look at the step before that wrote it, and export the scan again',
    )
  }
  const replaced = data.length - finite
  if (replaced > 0) for (let i = 0; i < data.length; i++) if (!Number.isFinite(data[i]!)) data[i] = low
  return { range: [low, high], replaced }
}

/** Every n-th voxel above the threshold: where it is, in -1 to 1 along each axis, and its logarithm. */
function sample({ data, shape }: Volume, threshold: number): { places: number[][]; logs: number[] } {
  let bright = 0
  for (let i = 0; i < data.length; i++) if (data[i]! > threshold) bright++
  const step = Math.max(1, Math.floor(bright / SAMPLES))
  const places: number[][] = []
  const logs: number[] = []
  let seen = 0
  for (let i = 0; i < data.length; i++) {
    if (data[i]! <= threshold || seen++ % step !== 0) continue
    const x = i % shape[0]
    const y = Math.floor(i / shape[0]) % shape[1]
    places.push(unit(shape, x, y, Math.floor(i / (shape[0] * shape[1]))))
    logs.push(Math.log(data[i]!))
  }
  return { places, logs }
}

const unit = (shape: Volume['shape'], x: number, y: number, z: number) => [
  (2 * x) / shape[0] - 1,
  (2 * y) / shape[1] - 1,
  (2 * z) / shape[2] - 1,
]

const clamp = (value: number, limit: number) => Math.min(limit, Math.max(-limit, value))

/** Of a few means in ascending order the one that is nearest. */
function nearest(means: readonly number[], value: number): number {
  let k = 0
  while (k + 1 < means.length && value > (means[k]! + means[k + 1]!) / 2) k++
  return k
}

function kMeans(values: readonly number[]): number[] {
  const sorted = Float64Array.from(values).sort()
  let means = Array.from({ length: CLASSES }, (_, k) => sorted[Math.floor(((k + 0.5) / CLASSES) * sorted.length)]!)
  for (let round = 0; round < 5; round++) {
    const sums = means.map(() => 0)
    const counts = means.map(() => 0)
    for (const value of sorted) {
      const own = nearest(means, value)
      sums[own]! += value
      counts[own]! += 1
    }
    means = means.map((mean, k) => (counts[k]! > 0 ? sums[k]! / counts[k]! : mean))
  }
  return means
}
