import { HEADER_BYTES, type NiftiHeader } from './header.ts'

/** Offsets of the fields of more than one byte in nifti1.h, by width; all else is characters or single bytes. */
const INT32 = [0, 32, 140, 144]
const INT16 = [36, ...range(40, 8, 2), ...range(68, 4, 2), 120, 252, 254]
const FLOAT32 = [...range(56, 3, 4), ...range(76, 8, 4), ...range(108, 3, 4), ...range(124, 4, 4), ...range(256, 18, 4)]

function range(from: number, count: number, step: number): number[] {
  return Array.from({ length: count }, (_, i) => from + i * step)
}

/**
 * The header for what was made of a scan: one float32 volume, little-endian, in the place where the scan was.
 * Orientation (qform, sform), voxel sizes, units and the rest stay as they were, bit by bit.
 */
export function outputHeader(from: NiftiHeader, about: { min: number; max: number; descrip: string }): Uint8Array {
  const bytes = new Uint8Array(HEADER_BYTES + 4)
  bytes.set(from.raw)
  if (!from.littleEndian) {
    for (const at of [...INT32, ...FLOAT32]) bytes.subarray(at, at + 4).reverse()
    for (const at of INT16) bytes.subarray(at, at + 2).reverse()
  }
  const view = new DataView(bytes.buffer)
  for (const [axis, length] of [3, ...from.shape, 1, 1, 1, 1].entries()) view.setInt16(40 + 2 * axis, length, true)
  // datatype float32, 32 bits, no scaling, voxels right after the four bytes that say "no extension".
  view.setInt16(70, 16, true)
  view.setInt16(72, 32, true)
  view.setFloat32(108, HEADER_BYTES + 4, true)
  view.setFloat32(112, 1, true)
  view.setFloat32(116, 0, true)
  view.setFloat32(124, about.max, true)
  view.setFloat32(128, about.min, true)
  view.setInt32(140, 0, true)
  view.setInt32(144, 0, true)
  const descrip = new Uint8Array(80)
  descrip.set(Buffer.from(about.descrip, 'latin1').subarray(0, 79))
  bytes.set(descrip, 148)
  bytes.set(Buffer.from('n+1\0', 'latin1'), 344)
  return bytes
}
