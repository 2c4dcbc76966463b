import { gzipSync } from 'node:zlib'
import { encodePhantom } from './encode.ts'
import type { Phantom } from './phantom.ts'

export const BROKEN_KINDS = ['truncated', 'wrong-dimensions', 'all-nan', 'empty', 'not-nifti', 'too-large'] as const
export type BrokenKind = (typeof BROKEN_KINDS)[number]

/** A scan broken in one of the ways that scans break, as the bytes of its .nii.gz. */
export function brokenScan(kind: BrokenKind, phantom: Phantom): Uint8Array {
  const { size } = phantom
  switch (kind) {
    // A copy that was cut off.
    case 'truncated': {
      const whole = gzipSync(encodePhantom(phantom))
      return whole.subarray(0, Math.floor(whole.length * 0.6))
    }
    // A header that was edited, or that belongs to another scan.
    case 'wrong-dimensions':
      return gzipSync(encodePhantom(phantom, { shape: [size, size, size * 2] }))
    // What a division by an empty mask leaves.
    case 'all-nan': {
      const nan = new Float32Array(size ** 3).fill(Number.NaN)
      return gzipSync(encodePhantom(phantom, { datatype: 'float32', voxels: new Uint8Array(nan.buffer) }))
    }
    // A disk that was full.
    case 'empty':
      return new Uint8Array(0)
    // A download that needed a login.
    case 'not-nifti':
      return Buffer.from(
        '<!DOCTYPE html>\n<html><head><title>Sign in</title></head><body>Please sign in to download.</body></html>\n',
      )
    // Dimensions that no scanner makes: 27 terabytes as the header tells it.
    case 'too-large':
      return gzipSync(encodePhantom(phantom, { shape: [15_000, 15_000, 15_000], datatype: 'float64' }))
  }
}
