import type { NiftiHeader } from './header.ts'
import { WIDTH, writeField } from './layout.ts'

const FLOAT32 = { datatype: 16, bitpix: 32 }

/**
 * The header for what was made of a scan: one float32 volume in one little-endian file, in the place where the scan
 * was, in the scan's own version of NIfTI. Orientation (qform, sform), voxel sizes, units and the rest stay as they
 * were, bit by bit.
 */
export function outputHeader(from: NiftiHeader, about: { min: number; max: number; descrip: string }): Uint8Array {
  const { layout } = from
  // Four bytes behind it say that no extension follows.
  const bytes = new Uint8Array(layout.bytes + 4)
  bytes.set(from.raw)
  if (!from.littleEndian) {
    for (const { at, as, count } of layout.numbers) {
      for (let i = 0; i < count; i++) bytes.subarray(at + i * WIDTH[as], at + (i + 1) * WIDTH[as]).reverse()
    }
  }
  const view = new DataView(bytes.buffer)
  for (const [axis, length] of [3, ...from.shape, 1, 1, 1, 1].entries()) writeField(view, layout.dim, length, axis)
  writeField(view, layout.datatype, FLOAT32.datatype)
  writeField(view, layout.bitpix, FLOAT32.bitpix)
  writeField(view, layout.voxOffset, bytes.length)
  writeField(view, layout.slope, 1)
  writeField(view, layout.inter, 0)
  writeField(view, layout.calMax, about.max)
  writeField(view, layout.calMin, about.min)
  if (layout.version === 1) {
    // glmax and glmin, which nobody reads any more.
    view.setInt32(140, 0, true)
    view.setInt32(144, 0, true)
  }
  const descrip = new Uint8Array(80)
  descrip.set(Buffer.from(about.descrip, 'latin1').subarray(0, 79))
  bytes.set(descrip, layout.descrip)
  bytes.set(Buffer.from(layout.magic.single, 'latin1'), layout.magic.at)
  return bytes
}
