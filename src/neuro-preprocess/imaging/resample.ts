import type { Volume } from './volume.ts'

type Grid = Pick<Volume, 'data' | 'shape' | 'voxelSize'>

/** Means over blocks of `factor` voxels a side; the last blocks of an axis may be smaller. */
export function shrink({ data, shape, voxelSize }: Grid, factor: number): Grid {
  const small = shape.map((length) => Math.ceil(length / factor)) as [number, number, number]
  const sums = new Float32Array(small[0] * small[1] * small[2])
  const counts = new Uint32Array(sums.length)
  for (let z = 0, i = 0; z < shape[2]; z++) {
    for (let y = 0; y < shape[1]; y++) {
      const row = (Math.floor(z / factor) * small[1] + Math.floor(y / factor)) * small[0]
      for (let x = 0; x < shape[0]; x++, i++) {
        const at = row + Math.floor(x / factor)
        sums[at]! += data[i]!
        counts[at]!++
      }
    }
  }
  for (let i = 0; i < sums.length; i++) sums[i]! /= counts[i]!
  return { data: sums, shape: small, voxelSize: voxelSize.map((mm) => mm * factor) as [number, number, number] }
}

/** Each voxel gets the value of the block that it lies in: 1 where that is more than zero. */
export function growMask(blocks: Float32Array, shape: Volume['shape'], factor: number): Uint8Array {
  const width = Math.ceil(shape[0] / factor)
  const height = Math.ceil(shape[1] / factor)
  const mask = new Uint8Array(shape[0] * shape[1] * shape[2])
  for (let z = 0, i = 0; z < shape[2]; z++) {
    for (let y = 0; y < shape[1]; y++) {
      const row = (Math.floor(z / factor) * height + Math.floor(y / factor)) * width
      for (let x = 0; x < shape[0]; x++, i++) mask[i] = blocks[row + Math.floor(x / factor)]! > 0 ? 1 : 0
    }
  }
  return mask
}
