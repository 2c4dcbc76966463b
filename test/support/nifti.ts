import { readFile } from 'node:fs/promises'
import { gunzipSync } from 'node:zlib'
import { type NIFTI1, type NIFTI2, readHeader, readImage } from 'nifti-reader-js'

export interface NiftiImage {
  header: NIFTI1 | NIFTI2
  affine: number[][]
  shape: number[]
  voxels: Float32Array
}

/** A written scan as a reader that is not ours sees it. */
export async function readNifti(path: string): Promise<NiftiImage> {
  const bytes = gunzipSync(await readFile(path))
  const buffer = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer
  const header = readHeader(buffer)
  const voxels = new Float32Array(readImage(header, buffer))
  return { header, affine: header.affine, shape: header.dims.slice(1, 4), voxels }
}

export interface ScanOptions {
  size: number
  /** NIfTI-1 code and how one value is written. */
  datatype: keyof typeof WRITERS
  bigEndian?: boolean
  slope?: number
  inter?: number
  volumes?: number
  /** Bytes of an extension between header and voxels. */
  extension?: number
}

/** The same scan with a header of NIfTI-2 in the byte order that it has, written field by field as nifti2.h has them. */
export function asNifti2(scan: Buffer): Buffer {
  const little = scan.readInt32LE(0) === 348
  const old = new DataView(scan.buffer, scan.byteOffset, scan.byteLength)
  const offset = old.getFloat32(108, little)
  const head = Buffer.alloc(544)
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength)
  const i16 = (to: number, from: number) => view.setInt16(to, old.getInt16(from, little), little)
  const f64 = (to: number, from: number, count = 1) => {
    for (let i = 0; i < count; i++) view.setFloat64(to + 8 * i, old.getFloat32(from + 4 * i, little), little)
  }
  view.setInt32(0, 540, little)
  head.write('n+2\0\r\n\x1a\n', 4, 'latin1')
  i16(12, 70)
  i16(14, 72)
  for (let i = 0; i < 8; i++) view.setBigInt64(16 + 8 * i, BigInt(old.getInt16(40 + 2 * i, little)), little)
  f64(104, 76, 8)
  view.setBigInt64(168, 544n, little)
  f64(176, 112, 2)
  view.setInt32(344, old.getInt16(252, little), little)
  view.setInt32(348, old.getInt16(254, little), little)
  f64(352, 256, 6)
  f64(400, 280, 12)
  view.setInt32(500, old.getUint8(123), little)
  return Buffer.concat([head, scan.subarray(offset)])
}

/** The same scan as a .hdr/.img pair: header and voxels apart, the voxels from the beginning of their file. */
export function asPair(scan: Buffer): { hdr: Buffer; img: Buffer } {
  const isOld = scan.readInt32LE(0) === 348
  const hdr = Buffer.from(scan.subarray(0, isOld ? 352 : 544))
  if (isOld) hdr.writeFloatLE(0, 108)
  else hdr.writeBigInt64LE(0n, 168)
  hdr.write(isOld ? 'ni1' : 'ni2', isOld ? 344 : 4, 'latin1')
  return { hdr, img: scan.subarray(hdr.length) }
}

type Write = (view: DataView, at: number, value: number, little: boolean) => void

const WRITERS = {
  uint8: { code: 2, bytes: 1, write: ((v, at, x) => v.setUint8(at, x)) as Write },
  int8: { code: 256, bytes: 1, write: ((v, at, x) => v.setInt8(at, x)) as Write },
  int16: { code: 4, bytes: 2, write: ((v, at, x, le) => v.setInt16(at, x, le)) as Write },
  uint16: { code: 512, bytes: 2, write: ((v, at, x, le) => v.setUint16(at, x, le)) as Write },
  int32: { code: 8, bytes: 4, write: ((v, at, x, le) => v.setInt32(at, x, le)) as Write },
  uint32: { code: 768, bytes: 4, write: ((v, at, x, le) => v.setUint32(at, x, le)) as Write },
  int64: { code: 1024, bytes: 8, write: ((v, at, x, le) => v.setBigInt64(at, BigInt(x), le)) as Write },
  uint64: { code: 1280, bytes: 8, write: ((v, at, x, le) => v.setBigUint64(at, BigInt(x), le)) as Write },
  float32: { code: 16, bytes: 4, write: ((v, at, x, le) => v.setFloat32(at, x, le)) as Write },
  float64: { code: 64, bytes: 8, write: ((v, at, x, le) => v.setFloat64(at, x, le)) as Write },
} as const

/** A small head of whole numbers from 0 to 120, written by hand in any type and byte order; not gzipped. */
export function handmadeScan(options: ScanOptions): Buffer {
  const { size, datatype, bigEndian = false, slope = 1, inter = 0, volumes = 1, extension = 0 } = options
  const { code, bytes, write } = WRITERS[datatype]
  const little = !bigEndian
  const offset = 352 + extension
  const file = Buffer.alloc(offset + size ** 3 * bytes * volumes)
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength)
  view.setInt32(0, 348, little)
  const dim = volumes > 1 ? [4, size, size, size, volumes] : [3, size, size, size, 1]
  for (const [i, length] of dim.entries()) view.setInt16(40 + 2 * i, length, little)
  view.setInt16(70, code, little)
  view.setInt16(72, bytes * 8, little)
  for (const [i, mm] of [-1, 5, 6, 7].entries()) view.setFloat32(76 + 4 * i, mm, little)
  view.setFloat32(108, offset, little)
  view.setFloat32(112, slope, little)
  view.setFloat32(116, inter, little)
  view.setUint8(123, 10)
  view.setInt16(254, 2, little)
  for (const [i, value] of [-5, 0, 0.5, 11, 0, 6, 0, -12, 0.25, 0, 7, 13].entries()) {
    view.setFloat32(280 + 4 * i, value, little)
  }
  file.write('n+1\0', 344, 'latin1')
  if (extension > 0) {
    view.setUint8(348, 1)
    view.setInt32(352, extension, little)
    view.setInt32(356, 6, little)
  }
  for (let i = 0; i < size ** 3 * volumes; i++) {
    write(view, offset + i * bytes, headValue(i % size ** 3, size), little)
  }
  return file
}

/** Scalp 110, skull 10, brain 60 to 80. */
export function headValue(i: number, size: number): number {
  const at = (k: number) => (2 * (k + 0.5)) / size - 1
  const [x, y, z] = [at(i % size), at(Math.floor(i / size) % size), at(Math.floor(i / size ** 2))]
  const radius = Math.hypot(x!, y!, z!)
  if (radius > 0.95) return i % 3
  if (radius > 0.83) return 110
  if (radius > 0.68) return 10
  return radius > 0.5 ? 60 : 80
}
