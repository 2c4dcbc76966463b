import { createReadStream } from 'node:fs'
import { open, stat } from 'node:fs/promises'
import { pipeline } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { ScanFault } from '../fault.ts'
import { ByteSource } from './byte-source.ts'
import { type NiftiHeader, parseHeader } from './header.ts'
import { LAYOUTS } from './layout.ts'
import { headerFile, imageFile } from './pair.ts'
import { decodeVoxels } from './voxels.ts'

export interface Scan {
  header: NiftiHeader
  /** Which of its volumes this is, counted from 0. */
  volume: number
  /** Scaled; x runs fastest. */
  data: Float32Array
  fileBytes: number
  gzip: boolean
}

const LARGEST_HEADER = Math.max(...LAYOUTS.map(({ bytes }) => bytes))
/** 400 x 400 x 400 and a little: what a head at half a millimetre has, and what the kernels hold in 2 GB. */
const MAX_VOXELS = 2 ** 26
/** All volumes together; they are read through to see that they are there, though only one is kept. */
const MAX_BYTES = 4 * 2 ** 30
/** What may come after the voxels before we stop looking at it. */
const MAX_TRAILER = 2 ** 20
/** No deflate stream expands further (zlib.net/zlib_tech.html). */
const MAX_RATIO = 1032

/**
 * Reads one volume, counted from 0, of a NIfTI-1 or NIfTI-2 file or .hdr/.img pair, gzipped or not. Throws ScanFault;
 * nothing is allocated that the file cannot fill.
 */
export async function readScan(path: string, volume = 0): Promise<Scan> {
  const named = headerFile(path)
  const first = await openFile(named)
  let second: OpenFile | undefined
  try {
    const head = new Uint8Array(LARGEST_HEADER)
    const header = parseHeader(head.subarray(0, await first.source.fill(head)))
    if (volume >= header.volumes) throw noSuchVolume(volume, header.volumes)
    if (header.isPair) second = await openFile(imageFile(named))
    const { source, fileBytes, gzip } = second ?? first
    const { volumeBytes, totalBytes } = checkSize(header, fileBytes, gzip)
    // What was read of the header beyond its end belongs to what follows.
    if (second === undefined) source.putBack(head.subarray(header.layout.bytes, source.position))
    const gap = header.voxOffset - source.position
    const before = volume * volumeBytes
    const voxels = new Uint8Array(volumeBytes)
    let got = 0
    if ((await source.skip(gap)) === gap) {
      got = await source.skip(before)
      if (got === before) got += await source.fill(voxels)
      if (got === before + volumeBytes) got += await source.skip(totalBytes - got)
    }
    if (got < totalBytes) throw tooShort(got, totalBytes, header, gzip)
    // To its end, so that gzip compares its checksum.
    await source.skip(MAX_TRAILER)
    return { header, volume, data: decodeVoxels(voxels, header), fileBytes, gzip }
  } catch (error) {
    throw readFault(error)
  } finally {
    first.close()
    second?.close()
  }
}

interface OpenFile {
  source: ByteSource
  fileBytes: number
  gzip: boolean
  close(): void
}

async function openFile(path: string): Promise<OpenFile> {
  const { size: fileBytes, gzip } = await look(path)
  const file = createReadStream(path, { highWaterMark: 256 * 1024 })
  // The callback is there so that an error reaches the reader below and no one else.
  const stream = gzip ? pipeline(file, createGunzip(), () => {}) : file
  const close = () => {
    file.destroy()
    stream.destroy()
  }
  return { source: new ByteSource(stream as AsyncIterable<Buffer>), fileBytes, gzip, close }
}

function noSuchVolume(volume: number, volumes: number): ScanFault {
  return new ScanFault(
    'no-such-volume',
    `there is no volume ${volume}: the scan has ${volumes === 1 ? 'only volume 0' : `${volumes}, counted from 0`}`,
    volumes === 1 ? 'Leave --volume out' : `Take one from --volume 0 to --volume ${volumes - 1}`,
  )
}

/** Whether there is a file, and whether it is gzipped: its first bytes tell, not its name. */
async function look(path: string): Promise<{ size: number; gzip: boolean }> {
  try {
    const info = await stat(path)
    if (!info.isFile()) {
      throw new ScanFault(
        'unreadable',
        info.isDirectory() ? 'it is a folder' : 'it is no regular file',
        'Name the scans in it: FOLDER/*.nii.gz',
      )
    }
    if (info.size === 0) {
      throw new ScanFault(
        'empty',
        'the file is empty: it has 0 bytes',
        'Copy or download it again; a full disk or a broken copy leaves such files',
      )
    }
    const file = await open(path)
    try {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(2), 0, 2, 0)
      // RFC 1952: ID1, ID2.
      return { size: info.size, gzip: bytesRead === 2 && buffer[0] === 0x1f && buffer[1] === 0x8b }
    } finally {
      await file.close()
    }
  } catch (error) {
    throw readFault(error)
  }
}

function checkSize(header: NiftiHeader, fileBytes: number, gzip: boolean) {
  const { shape, volumes, bytesPerVoxel } = header
  const voxels = shape[0] * shape[1] * shape[2]
  const volumeBytes = voxels * bytesPerVoxel
  const totalBytes = volumeBytes * volumes
  if (voxels > MAX_VOXELS || totalBytes > MAX_BYTES) {
    const what = volumes > 1 ? `${shape.join(' x ')} x ${volumes}` : shape.join(' x ')
    throw new ScanFault(
      'too-large',
      `the header asks for ${what} voxels (${gigabytes(totalBytes)}), more than the ${MAX_VOXELS} voxels a volume and ${gigabytes(MAX_BYTES)} that are taken`,
      'Check the header: such dimensions are mostly a mistake. Else crop or downsample the scan first',
    )
  }
  const most = gzip ? fileBytes * MAX_RATIO : fileBytes
  if (header.voxOffset + totalBytes > most) throw tooShort(undefined, totalBytes, header, gzip)
  return { volumeBytes, totalBytes }
}

const gigabytes = (bytes: number) => `${(bytes / 2 ** 30).toPrecision(3)} GiB`

/** A gzip stream that ended well holds all that was written into it: then it is the header that is wrong. */
function tooShort(got: number | undefined, wanted: number, header: NiftiHeader, gzip: boolean): ScanFault {
  const held = got === undefined ? 'far fewer' : String(got)
  if (gzip) {
    return new ScanFault(
      'wrong-dimensions',
      `the header's dimensions do not fit the data: ${[...header.shape, header.volumes].join(' x ')} voxels need ${wanted} bytes, the file holds ${held}`,
      'Export the scan again from its source: header and voxels do not belong together',
    )
  }
  return new ScanFault(
    'truncated',
    `the file ends too early: its voxels need ${wanted} bytes, it holds ${held}`,
    'Copy or download the file again, and compare its size with the original',
  )
}

function readFault(error: unknown): unknown {
  const { code, message } = error as NodeJS.ErrnoException
  if (code === 'ENOENT' || code === 'ENOTDIR') {
    return new ScanFault(
      'not-found',
      'there is no such file',
      'Check the path; make scans with: neuro-preprocess synth',
    )
  }
  if (code === 'EACCES' || code === 'EPERM') {
    return new ScanFault('unreadable', 'it may not be read: permission denied', 'chmod u+r FILE')
  }
  if (code === 'Z_BUF_ERROR') {
    return new ScanFault(
      'truncated',
      'the gzip stream ends in the middle: the file was cut off',
      'Copy or download the file again; `gzip -t FILE` tells when it is whole',
      { cause: error },
    )
  }
  if (code?.startsWith('Z_')) {
    return new ScanFault(
      'corrupt',
      `the gzip stream is damaged: ${message}`,
      'Copy or download the file again; `gzip -t FILE` tells when it is whole',
      { cause: error },
    )
  }
  if (code === 'EIO' || code === 'EISDIR') {
    return new ScanFault('unreadable', `it cannot be read: ${message}`, 'Check the disk that it is on', {
      cause: error,
    })
  }
  return error
}
