import { ScanFault } from '../fault.ts'
import { type Field, LAYOUTS, type Layout, readField } from './layout.ts'

/** The fields of a NIfTI header that we read; the rest travels as bytes. */
export interface NiftiHeader {
  layout: Layout
  littleEndian: boolean
  /** The voxels are in the .img beside it. */
  isPair: boolean
  /** x, y, z. */
  shape: [number, number, number]
  /** How many volumes follow one another; 1 for a 3D image. */
  volumes: number
  datatype: number
  bytesPerVoxel: number
  /** Millimetres along x, y, z; 1 where the header has no usable size. */
  voxelSize: [number, number, number]
  voxOffset: number
  /** 1 and 0 where the header asks for no scaling. */
  slope: number
  inter: number
  /** The header as read. */
  raw: Uint8Array
}

interface TypeInfo {
  name: string
  bytes: number
}

/** Datatype codes that hold one real number a voxel. */
export const DATATYPES: ReadonlyMap<number, TypeInfo> = new Map([
  [2, { name: 'uint8', bytes: 1 }],
  [4, { name: 'int16', bytes: 2 }],
  [8, { name: 'int32', bytes: 4 }],
  [16, { name: 'float32', bytes: 4 }],
  [64, { name: 'float64', bytes: 8 }],
  [256, { name: 'int8', bytes: 1 }],
  [512, { name: 'uint16', bytes: 2 }],
  [768, { name: 'uint32', bytes: 4 }],
  [1024, { name: 'int64', bytes: 8 }],
  [1280, { name: 'uint64', bytes: 8 }],
])

const OTHER_TYPES: Record<number, string> = {
  1: 'binary',
  32: 'complex64',
  128: 'RGB24',
  1536: 'float128',
  1792: 'complex128',
  2048: 'complex256',
  2304: 'RGBA32',
}

/** xyzt_units & 7: metres, millimetres, micrometres; unknown is taken as millimetres. */
const MM_PER_UNIT: Record<number, number> = { 1: 1000, 2: 1, 3: 0.001 }

/** Reads and checks a header. Throws ScanFault before anything of the size it names is allocated. */
export function parseHeader(bytes: Uint8Array): NiftiHeader {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const { layout, littleEndian } = layoutOf(bytes, view)
  const isPair = pairOf(bytes, layout)
  const number = (field: Field, index = 0) => readField(view, field, littleEndian, index)
  const datatype = number(layout.datatype)
  const { shape, volumes } = dimensions(Array.from({ length: 8 }, (_, i) => number(layout.dim, i)))
  const type = typeOf(datatype)
  const bitpix = number(layout.bitpix)
  if (bitpix !== type.bytes * 8 && bitpix !== 0) {
    throw new ScanFault(
      'corrupt',
      `the header contradicts itself: ${type.name} has ${type.bytes * 8} bits a voxel, bitpix says ${bitpix}`,
      'Export the scan again from its source',
    )
  }
  const { at, as } = layout.units
  const units = as === 'byte' ? view.getUint8(at) : view.getInt32(at, littleEndian)
  const unit = MM_PER_UNIT[units & 7] ?? 1
  const voxelSize = [1, 2, 3].map((axis) => size(number(layout.pixdim, axis) * unit)) as [number, number, number]
  const slope = number(layout.slope)
  const scaled = Number.isFinite(slope) && slope !== 0
  const inter = number(layout.inter)
  return {
    layout,
    littleEndian,
    isPair,
    shape,
    volumes,
    datatype,
    bytesPerVoxel: type.bytes,
    voxelSize,
    voxOffset: voxelOffset(number(layout.voxOffset), isPair ? 0 : layout.bytes),
    slope: scaled ? slope : 1,
    inter: scaled && Number.isFinite(inter) ? inter : 0,
    raw: bytes.slice(0, layout.bytes),
  }
}

/** sizeof_hdr, the first number, tells the version and the byte order. */
function layoutOf(bytes: Uint8Array, view: DataView): { layout: Layout; littleEndian: boolean } {
  for (const layout of bytes.length >= 4 ? LAYOUTS : []) {
    for (const littleEndian of [true, false]) {
      if (view.getInt32(0, littleEndian) !== layout.bytes) continue
      if (bytes.length >= layout.bytes) return { layout, littleEndian }
      throw new ScanFault(
        'truncated',
        `the file ends after ${bytes.length} bytes, inside the header of ${layout.bytes}`,
        'Copy or download the file again, and compare its size with the original',
      )
    }
  }
  throw new ScanFault(
    'not-nifti',
    `this is not a NIfTI file: it begins with ${shown(bytes)}`,
    'Look at what it is with: file FILE. A download that failed often leaves a web page under the name of a scan',
  )
}

/** Whether the voxels are in an .img of their own, as the magic says. */
function pairOf(bytes: Uint8Array, { version, magic }: Layout): boolean {
  // The first three characters; a transfer that took the rest for text is told by the numbers.
  const found = Buffer.from(bytes.subarray(magic.at, magic.at + 3)).toString('latin1')
  if (found === magic.single.slice(0, 3)) return false
  if (found === magic.pair.slice(0, 3)) return true
  throw new ScanFault(
    'not-nifti',
    `there is no NIfTI-${version} magic "${magic.single.slice(0, 3)}" at byte ${magic.at}: this is not NIfTI, or ANALYZE 7.5`,
    'Convert the scan to NIfTI first, for instance with dcm2niix',
  )
}

function shown(bytes: Uint8Array): string {
  const text = Buffer.from(bytes.subarray(0, 24)).toString('latin1')
  if (/^[\x20-\x7e\r\n\t]+$/.test(text)) return JSON.stringify(text)
  return `the bytes ${Buffer.from(bytes.subarray(0, 8)).toString('hex')}`
}

function dimensions(dim: number[]): { shape: [number, number, number]; volumes: number } {
  const count = dim[0]!
  const wrong = (why: string) =>
    new ScanFault(
      'wrong-dimensions',
      `the header's dimensions make no image: ${why} (dim is ${dim.join(' ')})`,
      'Export the scan again from its source, or mend its header with a NIfTI tool',
    )
  if (count < 1 || count > 7) throw wrong(`dim[0] must be 1 to 7 and is ${count}`)
  const used = dim.slice(1, count + 1)
  const bad = used.findIndex((length) => length < 1)
  if (bad !== -1) throw wrong(`axis ${bad + 1} has length ${used[bad]}`)
  const [x = 1, y = 1, z = 1, ...more] = used
  const volumes = more.reduce((product, length) => product * length, 1)
  if (Math.max(x, y, z) === 1 && volumes > 1) {
    throw new ScanFault(
      'unsupported',
      `it holds ${volumes} values and no volume of voxels, as CIFTI files do (.dconn.nii, .dtseries.nii)`,
      'Take the scan from which it was made, such as a T1w volume',
    )
  }
  if (Math.min(x, y, z) < MIN_LENGTH) throw tooSmall([x, y, z])
  return { shape: [x, y, z], volumes }
}

/** What the kernels of the steps want along each axis. */
const MIN_LENGTH = 8

/** The header is right; it is the image that is too little for what is done with it. */
function tooSmall(shape: readonly number[]): ScanFault {
  const short = shape.filter((length) => length < MIN_LENGTH)
  const few = shape.length - short.length === 2 ? `${short[0]} ${short[0] === 1 ? 'slice makes' : 'slices make'}` : ''
  const why = few === '' ? 'so small a volume holds no head' : `${few} no head`
  return new ScanFault(
    'too-small',
    `the image has ${shape.join(' x ')} voxels: ${why}, and each step needs ${MIN_LENGTH} or more along every axis`,
    'There is nothing to mend in it. Take a scan of the whole head, such as a T1w volume',
  )
}

function typeOf(datatype: number): TypeInfo {
  const type = DATATYPES.get(datatype)
  if (type) return type
  const other = OTHER_TYPES[datatype]
  throw new ScanFault(
    other ? 'unsupported' : 'corrupt',
    other
      ? `its voxels are ${other} (datatype ${datatype}), not one real number each`
      : `its datatype ${datatype} is none that NIfTI knows`,
    other ? 'Save the scan with a real type, such as int16 or float32' : 'Export the scan again from its source',
  )
}

const size = (mm: number) => (Number.isFinite(mm) && mm !== 0 ? Math.abs(mm) : 1)

/** `header`: what stands before the voxels in the same file. */
function voxelOffset(offset: number, header: number): number {
  // A single file has at least four bytes more, which say whether extensions follow; 0 is seen in the wild.
  if (offset === 0) return header === 0 ? 0 : header + 4
  if (Number.isFinite(offset) && offset >= header && offset <= MAX_OFFSET) return Math.floor(offset)
  throw new ScanFault(
    'corrupt',
    `the header says that the voxels begin at byte ${offset}`,
    'Export the scan again from its source',
  )
}

/** Extensions between header and voxels are skipped, but not without end. */
const MAX_OFFSET = 64 * 1024 * 1024
