import { existsSync } from 'node:fs'
import { basename } from 'node:path'
import { ScanFault } from '../fault.ts'

const IMAGE = /\.img(\.gz)?$/i
const HEADER = /\.hdr(\.gz)?$/i

/** Whether a file is named as the half of a pair that holds the voxels. */
export const isImageFile = (path: string) => IMAGE.test(path)
export const isHeaderFile = (path: string) => HEADER.test(path)

/** The other half of a pair, gzipped or not, where it is there. */
function otherHalf(path: string): { found?: string; wanted: string } {
  const [from, to] = isImageFile(path) ? [IMAGE, 'hdr'] : [HEADER, 'img']
  const stem = path.replace(from, '')
  const isUpper = /\.(?:IMG|HDR)/.test(path)
  const names = [`.${to}`, `.${to}.gz`].map((end) => stem + (isUpper ? end.toUpperCase() : end))
  const found = names.find((name) => existsSync(name))
  return found === undefined ? { wanted: names[0]! } : { found, wanted: names[0]! }
}

/** The file with the header of what was named, which may be its image. Throws ScanFault. */
export function headerFile(path: string): string {
  if (!isImageFile(path) || !existsSync(path)) return path
  const { found, wanted } = otherHalf(path)
  if (found !== undefined) return found
  throw new ScanFault(
    'not-found',
    `an .img holds the voxels of a pair, and its header ${basename(wanted)} is not beside it`,
    'Copy both files, .hdr and .img, into the same folder',
  )
}

/** The file with the voxels of a pair. Throws ScanFault. */
export function imageFile(header: string): string {
  if (!isHeaderFile(header)) {
    throw new ScanFault(
      'unsupported',
      'this is the header of a .hdr/.img pair, but it is not named .hdr, so that nothing says where its voxels are',
      'Name the two as they were, such as scan.hdr and scan.img',
    )
  }
  const { found, wanted } = otherHalf(header)
  if (found !== undefined) return found
  throw new ScanFault(
    'not-found',
    `this is the header of a pair, and its voxels, ${basename(wanted)}, are not beside it`,
    'Copy both files, .hdr and .img, into the same folder',
  )
}
