import { endianness } from 'node:os'
import type { NiftiHeader } from './header.ts'

/** The voxels of one volume as real numbers: byte order, type, then scl_slope and scl_inter. `bytes` is used up. */
export function decodeVoxels(bytes: Uint8Array, header: NiftiHeader): Float32Array {
  const { slope, inter } = header
  if ((endianness() === 'LE') !== header.littleEndian) swap(bytes, header.bytesPerVoxel)
  const numbers = typed(bytes, header.datatype)
  const plain = slope === 1 && inter === 0
  if (plain && numbers instanceof Float32Array) return numbers
  const data = new Float32Array(numbers.length)
  if (plain) for (let i = 0; i < data.length; i++) data[i] = Number(numbers[i])
  else for (let i = 0; i < data.length; i++) data[i] = Number(numbers[i]) * slope + inter
  return data
}

function typed(bytes: Uint8Array, datatype: number): ArrayLike<number | bigint> {
  const { buffer, byteOffset, byteLength } = bytes
  switch (datatype) {
    case 2:
      return bytes
    case 4:
      return new Int16Array(buffer, byteOffset, byteLength / 2)
    case 8:
      return new Int32Array(buffer, byteOffset, byteLength / 4)
    case 16:
      return new Float32Array(buffer, byteOffset, byteLength / 4)
    case 64:
      return new Float64Array(buffer, byteOffset, byteLength / 8)
    case 256:
      return new Int8Array(buffer, byteOffset, byteLength)
    case 512:
      return new Uint16Array(buffer, byteOffset, byteLength / 2)
    case 768:
      return new Uint32Array(buffer, byteOffset, byteLength / 4)
    case 1024:
      return new BigInt64Array(buffer, byteOffset, byteLength / 8)
    case 1280:
      return new BigUint64Array(buffer, byteOffset, byteLength / 8)
    default:
      throw new Error(`datatype ${datatype} passed the header's check`)
  }
}

function swap(bytes: Uint8Array, width: number): void {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (width === 2) buffer.swap16()
  else if (width === 4) buffer.swap32()
  else if (width === 8) buffer.swap64()
}
