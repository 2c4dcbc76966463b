import { ScanFault } from '../fault.ts'

/** The fields of a NIfTI-1 header that we read (nifti.nimh.nih.gov/nifti-1, nifti1.h); the rest travels as bytes. */
export interface NiftiHeader {
  littleEndian: boolean
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
  /** The 348 bytes as read. */
  raw: Uint8Array
}

export const HEADER_BYTES = 348

interface TypeInfo {
  name: string
  bytes: number
}

/** NIfTI-1 datatype codes that hold one real number a voxel. */
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
  const littleEndian = byteOrder(bytes, view)
  const magic = Buffer.from(bytes.subarray(344, 347)).toString('latin1')
  if (magic === 'ni1') {
    throw new ScanFault(
      'unsupported',
      'this is the header of a .hdr/.img pair, which keeps its voxels in another file',
      'Convert the pair to one .nii.gz file first, for instance with nibabel or dcm2niix',
    )
  }
  if (magic !== 'n+1') {
    throw new ScanFault(
      'not-nifti',
      'there is no NIfTI-1 magic "n+1" at byte 344: this is not NIfTI, or ANALYZE 7.5',
      'Convert the scan to NIfTI-1 first, for instance with dcm2niix',
    )
  }
  const i16 = (at: number) => view.getInt16(at, littleEndian)
  const f32 = (at: number) => view.getFloat32(at, littleEndian)
  const datatype = i16(70)
  const { shape, volumes } = dimensions(Array.from({ length: 8 }, (_, i) => i16(40 + 2 * i)))
  const type = typeOf(datatype)
  const bitpix = i16(72)
  if (bitpix !== type.bytes * 8 && bitpix !== 0) {
    throw new ScanFault(
      'corrupt',
      `the header contradicts itself: ${type.name} has ${type.bytes * 8} bits a voxel, bitpix says ${bitpix}`,
      'Export the scan again from its source',
    )
  }
  const unit = MM_PER_UNIT[view.getUint8(123) & 7] ?? 1
  const voxelSize = [1, 2, 3].map((axis) => size(f32(76 + 4 * axis) * unit)) as [number, number, number]
  const slope = f32(112)
  const scaled = Number.isFinite(slope) && slope !== 0
  const inter = f32(116)
  return {
    littleEndian,
    shape,
    volumes,
    datatype,
    bytesPerVoxel: type.bytes,
    voxelSize,
    voxOffset: voxelOffset(f32(108)),
    slope: scaled ? slope : 1,
    inter: scaled && Number.isFinite(inter) ? inter : 0,
    raw: bytes.slice(0, HEADER_BYTES),
  }
}

/** sizeof_hdr, the first number, tells the byte order. */
function byteOrder(bytes: Uint8Array, view: DataView): boolean {
  if (bytes.length >= 4) {
    if (view.getInt32(0, true) === 540 || view.getInt32(0, false) === 540) {
      throw new ScanFault(
        'unsupported',
        'this is a NIfTI-2 file, and only NIfTI-1 is read',
        'Save it as NIfTI-1, for instance with nibabel: nibabel.Nifti1Image.from_image(nibabel.load(FILE))',
      )
    }
    if (view.getInt32(0, true) === HEADER_BYTES || view.getInt32(0, false) === HEADER_BYTES) {
      if (bytes.length >= HEADER_BYTES) return view.getInt32(0, true) === HEADER_BYTES
      throw new ScanFault(
        'truncated',
        `the file ends after ${bytes.length} bytes, inside the header of ${HEADER_BYTES}`,
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
  const thin = [x, y, z].findIndex((length) => length < MIN_LENGTH)
  if (thin !== -1) {
    throw wrong(
      `axis ${thin + 1} has ${[x, y, z][thin]} voxels, and a head in 3D needs ${MIN_LENGTH} or more along each`,
    )
  }
  return { shape: [x, y, z], volumes: more.reduce((product, length) => product * length, 1) }
}

const MIN_LENGTH = 8

function typeOf(datatype: number): TypeInfo {
  const type = DATATYPES.get(datatype)
  if (type) return type
  const other = OTHER_TYPES[datatype]
  throw new ScanFault(
    other ? 'unsupported' : 'corrupt',
    other
      ? `its voxels are ${other} (datatype ${datatype}), not one real number each`
      : `its datatype ${datatype} is none that NIfTI-1 knows`,
    other ? 'Save the scan with a real type, such as int16 or float32' : 'Export the scan again from its source',
  )
}

const size = (mm: number) => (Number.isFinite(mm) && mm !== 0 ? Math.abs(mm) : 1)

function voxelOffset(offset: number): number {
  // A single file has at least the header and four bytes that say whether extensions follow; 0 is seen in the wild.
  if (offset === 0) return HEADER_BYTES + 4
  if (Number.isFinite(offset) && offset >= HEADER_BYTES && offset <= MAX_OFFSET) return Math.floor(offset)
  throw new ScanFault(
    'corrupt',
    `the header says that the voxels begin at byte ${offset}`,
    'Export the scan again from its source',
  )
}

/** Extensions between header and voxels are skipped, but not without end. */
const MAX_OFFSET = 64 * 1024 * 1024
