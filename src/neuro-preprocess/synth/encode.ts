import type { Phantom } from './phantom.ts'

export interface Encoding {
  /** What the header says of the shape, when it is not the truth. */
  shape?: readonly [number, number, number]
  datatype?: 'int16' | 'float32' | 'float64'
  /** Bytes in place of the phantom's voxels. */
  voxels?: Uint8Array
}

const CODES = { int16: [4, 16], float32: [16, 32], float64: [64, 64] } as const

/** A phantom as the bytes of a NIfTI-1 file: millimetres, orientation as qform and sform, origin in the middle. */
export function encodePhantom(phantom: Phantom, encoding: Encoding = {}): Uint8Array {
  const { size, data, voxelSize, tilt } = phantom
  const { shape = [size, size, size], datatype = 'int16' } = encoding
  const voxels = encoding.voxels ?? new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
  const bytes = new Uint8Array(352 + voxels.length)
  const view = new DataView(bytes.buffer)
  const f32 = (at: number, ...values: number[]) => {
    for (const [i, value] of values.entries()) view.setFloat32(at + 4 * i, value, true)
  }
  view.setInt32(0, 348, true)
  for (const [axis, length] of [3, ...shape, 1, 1, 1, 1].entries()) view.setInt16(40 + 2 * axis, length, true)
  const [code, bits] = CODES[datatype]
  view.setInt16(70, code, true)
  view.setInt16(72, bits, true)
  f32(76, 1, voxelSize, voxelSize, voxelSize, 1, 1, 1, 1)
  f32(108, 352, 1, 0)
  // Millimetres and seconds.
  view.setUint8(123, 2 | 8)
  bytes.set(Buffer.from('neuro-preprocess synth: phantom T1w', 'latin1'), 148)
  // qform and sform say the same: turned about x by `tilt`, the middle of the image at the scanner's zero.
  view.setInt16(252, 1, true)
  view.setInt16(254, 1, true)
  const [sin, cos] = [Math.sin(tilt), Math.cos(tilt)]
  const middle = ((size - 1) / 2) * voxelSize
  const origin = [-middle, -(cos - sin) * middle, -(sin + cos) * middle] as const
  f32(256, Math.sin(tilt / 2), 0, 0, ...origin)
  f32(280, voxelSize, 0, 0, origin[0])
  f32(296, 0, cos * voxelSize, -sin * voxelSize, origin[1])
  f32(312, 0, sin * voxelSize, cos * voxelSize, origin[2])
  bytes.set(Buffer.from('n+1\0', 'latin1'), 344)
  bytes.set(voxels, 352)
  return bytes
}
