import { ScanFault } from '../fault.ts'
import type { Niimath } from './niimath.ts'
import { growMask, shrink } from './resample.ts'
import type { StepReport, Volume } from './volume.ts'

/** How deep the bridges between brain and scalp are cut: the optic nerves and the like are thinner. */
const CUT_MM = 5
/** A brain's outline needs no finer grid than this, and a fine one takes eight times as long at half the size. */
const COARSE_MM = 2
/** Of what is bright; a head without so much brain is another thing. */
const LEAST_SHARE = 0.05

/**
 * Finds the brain and blanks the rest: what is bright (Otsu), worn down until the scalp falls off, the largest piece
 * of that, grown back inside of what was bright, its holes (the ventricles) filled. niimath has no `-bet`.
 * Throws ScanFault `no-brain`.
 */
export function skullStrip(volume: Volume, niimath: Niimath): StepReport {
  const { data, shape, voxelSize } = volume
  const factor = Math.max(1, Math.floor(COARSE_MM / Math.max(...voxelSize)))
  const coarse = factor === 1 ? volume : shrink(volume, factor)
  const mask = growMask(brainMask(coarse, niimath), shape, factor)
  let inside = 0
  for (let i = 0; i < mask.length; i++) {
    inside += mask[i]!
    if (!mask[i]) data[i] = 0
  }
  volume.mask = mask
  const millilitres = (inside * voxelSize[0] * voxelSize[1] * voxelSize[2]) / 1000
  return {
    'neuro.brain.voxels': inside,
    'neuro.brain.volume_ml': Math.round(millilitres * 10) / 10,
    'neuro.brain.fraction': inside / mask.length,
  }
}

function brainMask(grid: Pick<Volume, 'data' | 'shape' | 'voxelSize'>, niimath: Niimath): Float32Array {
  const rounds = Math.max(1, Math.round(CUT_MM / Math.max(...grid.voxelSize)))
  const on = (data: Float32Array, ...operators: string[]) => niimath({ ...grid, data }, operators)
  const bright = on(grid.data, '-otsu', '3')
  const worn = on(bright, ...repeat('-ero', rounds))
  // niimath refuses to label an image in which there is nothing.
  if (count(worn) === 0) throw noBrain(0, worn.length)
  // -dilM grows by one voxel; one more than was worn down, for the edge is uneven after that.
  const grown = on(largest(on(worn, '-bwlabel', '6')), ...repeat('-dilM', rounds + 1))
  for (let i = 0; i < grown.length; i++) if (!bright[i]) grown[i] = 0
  const filled = on(grown, '-fillh')
  const inside = count(filled)
  if (inside < 8 || inside < LEAST_SHARE * count(bright)) throw noBrain(inside, filled.length)
  return filled
}

function count(data: Float32Array): number {
  let sum = 0
  for (let i = 0; i < data.length; i++) if (data[i]! > 0) sum++
  return sum
}

function noBrain(found: number, total: number): ScanFault {
  return new ScanFault(
    'no-brain',
    `no brain was found: the largest solid part has ${found} of ${total} voxels`,
    'Look at the scan in a viewer: it may be another contrast than T1, or no head',
  )
}

const repeat = (operator: string, times: number) => new Array<string>(times).fill(operator)

/** The piece with the most voxels as ones, all else zero. */
function largest(labels: Float32Array): Float32Array {
  const sizes: number[] = []
  for (let i = 0; i < labels.length; i++) if (labels[i]! > 0) sizes[labels[i]!] = (sizes[labels[i]!] ?? 0) + 1
  const best = sizes.reduce((most, size, label) => (size > (sizes[most] ?? 0) ? label : most), 0)
  const ones = new Float32Array(labels.length)
  for (let i = 0; i < labels.length; i++) if (labels[i] === best) ones[i] = 1
  return ones
}
