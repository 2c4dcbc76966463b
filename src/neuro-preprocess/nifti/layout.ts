/** A field: where it begins, and how its number is written. */
export interface Field {
  at: number
  as: 'int16' | 'int32' | 'int64' | 'float32' | 'float64'
}

/** Where a version of the header keeps what. All else in it is characters or single bytes. */
export interface Layout {
  version: 1 | 2
  /** Length of the header, which its first number says. */
  bytes: number
  /** What it begins or ends with where voxels follow in the same file, and where they are in an .img of their own. */
  magic: { at: number; single: string; pair: string }
  dim: Field
  datatype: Field
  bitpix: Field
  pixdim: Field
  voxOffset: Field
  slope: Field
  inter: Field
  calMax: Field
  calMin: Field
  units: { at: number; as: 'byte' | 'int32' }
  descrip: number
  /** Every number of more than one byte, each with how many follow one another. */
  numbers: readonly (Field & { count: number })[]
}

const many = (as: Field['as'], ...places: [at: number, count: number][]) =>
  places.map(([at, count]) => ({ at, as, count }))

/** nifti.nimh.nih.gov/pub/dist/src/niftilib/nifti1.h */
export const NIFTI1: Layout = {
  version: 1,
  bytes: 348,
  magic: { at: 344, single: 'n+1\0', pair: 'ni1\0' },
  dim: { at: 40, as: 'int16' },
  datatype: { at: 70, as: 'int16' },
  bitpix: { at: 72, as: 'int16' },
  pixdim: { at: 76, as: 'float32' },
  voxOffset: { at: 108, as: 'float32' },
  slope: { at: 112, as: 'float32' },
  inter: { at: 116, as: 'float32' },
  calMax: { at: 124, as: 'float32' },
  calMin: { at: 128, as: 'float32' },
  units: { at: 123, as: 'byte' },
  descrip: 148,
  numbers: [
    ...many('int32', [0, 1], [32, 1], [140, 2]),
    ...many('int16', [36, 1], [40, 8], [68, 4], [120, 1], [252, 2]),
    ...many('float32', [56, 3], [76, 11], [124, 4], [256, 18]),
  ],
}

/** nifti.nimh.nih.gov/pub/dist/doc/nifti2.h */
export const NIFTI2: Layout = {
  version: 2,
  bytes: 540,
  magic: { at: 4, single: 'n+2\0\r\n\x1a\n', pair: 'ni2\0\r\n\x1a\n' },
  dim: { at: 16, as: 'int64' },
  datatype: { at: 12, as: 'int16' },
  bitpix: { at: 14, as: 'int16' },
  pixdim: { at: 104, as: 'float64' },
  voxOffset: { at: 168, as: 'int64' },
  slope: { at: 176, as: 'float64' },
  inter: { at: 184, as: 'float64' },
  calMax: { at: 192, as: 'float64' },
  calMin: { at: 200, as: 'float64' },
  units: { at: 500, as: 'int32' },
  descrip: 240,
  numbers: [
    ...many('int32', [0, 1], [344, 2], [496, 3]),
    ...many('int16', [12, 2]),
    ...many('int64', [16, 8], [168, 1], [224, 2]),
    ...many('float64', [80, 3], [104, 8], [176, 6], [352, 6], [400, 12]),
  ],
}

export const LAYOUTS = [NIFTI1, NIFTI2] as const

export const WIDTH: Record<Field['as'], number> = { int16: 2, int32: 4, int64: 8, float32: 4, float64: 8 }

/** The `index`th number of a field. An int64 that no double holds comes as the nearest one. */
export function readField(view: DataView, { at, as }: Field, little: boolean, index = 0): number {
  const place = at + index * WIDTH[as]
  if (as === 'int16') return view.getInt16(place, little)
  if (as === 'int32') return view.getInt32(place, little)
  if (as === 'int64') return Number(view.getBigInt64(place, little))
  return as === 'float32' ? view.getFloat32(place, little) : view.getFloat64(place, little)
}

/** Little-endian. */
export function writeField(view: DataView, { at, as }: Field, value: number, index = 0): void {
  const place = at + index * WIDTH[as]
  if (as === 'int16') view.setInt16(place, value, true)
  else if (as === 'int32') view.setInt32(place, value, true)
  else if (as === 'int64') view.setBigInt64(place, BigInt(value), true)
  else if (as === 'float32') view.setFloat32(place, value, true)
  else view.setFloat64(place, value, true)
}
