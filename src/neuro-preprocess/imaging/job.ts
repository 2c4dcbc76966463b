import type { FaultCode } from '../fault.ts'
import { DATATYPES, type NiftiHeader } from '../nifti/header.ts'
import { outputHeader } from '../nifti/output-header.ts'
import { readScan } from '../nifti/read.ts'
import { writeNiftiGz } from '../nifti/write.ts'
import { biasCorrect } from './bias-correct.ts'
import { loadNiimath, type Niimath } from './niimath.ts'
import { normalize } from './normalize.ts'
import { skullStrip } from './skull-strip.ts'
import { smooth } from './smooth.ts'
import type { StepReport, Volume } from './volume.ts'

/** What the main thread asks of the worker; each is one span there. */
export type Job =
  | { op: 'load'; path: string; volume: number }
  | { op: 'bias_correct' }
  | { op: 'skull_strip' }
  | { op: 'smooth'; fwhm: number }
  | { op: 'normalize' }
  | { op: 'write'; path: string; temp: string; version: string }

export interface LoadReport {
  fileBytes: number
  gzip: boolean
  shape: [number, number, number]
  volumes: number
  /** The one that was taken, counted from 0. */
  volume: number
  voxelSize: [number, number, number]
  datatype: string
  byteOrder: 'little' | 'big'
  /** Such as `NIfTI-2 pair`. */
  format: string
}

export interface Reports {
  load: LoadReport
  bias_correct: StepReport
  skull_strip: StepReport
  smooth: StepReport
  normalize: StepReport
  write: { bytes: number }
}

/** The worker's answer; a fault travels as its parts, for classes do not survive the way between threads. */
export type Answer =
  | { id: number; report: Reports[Job['op']] }
  | { id: number; fault: { code: FaultCode; message: string; hint: string } }
  | { id: number; error: { message: string; stack: string | undefined } }

/** Does the jobs of one scan after another, and holds the scan between them. */
export function createImaging(): (job: Job) => Promise<Reports[Job['op']]> {
  let scan: { header: NiftiHeader; volume: Volume } | undefined
  let niimath: Promise<Niimath> | undefined
  const held = () => {
    if (!scan) throw new Error('no scan is loaded')
    return scan
  }
  return async (job) => {
    // It compiles while the scan is read.
    niimath ??= loadNiimath()
    niimath.catch(() => {})
    switch (job.op) {
      case 'load': {
        scan = undefined
        const { header, volume, data, fileBytes, gzip } = await readScan(job.path, job.volume)
        const { shape, volumes, voxelSize, littleEndian, layout, isPair } = header
        scan = { header, volume: { data, shape, voxelSize } }
        const datatype = DATATYPES.get(header.datatype)!.name
        return {
          fileBytes,
          gzip,
          shape,
          volumes,
          volume,
          voxelSize,
          datatype,
          byteOrder: littleEndian ? 'little' : 'big',
          format: `NIfTI-${layout.version}${isPair ? ' pair' : ''}`,
        }
      }
      case 'bias_correct':
        return biasCorrect(held().volume)
      case 'skull_strip':
        return skullStrip(held().volume, await niimath!)
      case 'smooth':
        return smooth(held().volume, await niimath!, job.fwhm)
      case 'normalize':
        return normalize(held().volume)
      case 'write': {
        const { header, volume } = held()
        const head = outputHeader(header, { min: 0, max: 1, descrip: `neuro-preprocess ${job.version}` })
        const { buffer, byteOffset, byteLength } = volume.data
        const voxels = new Uint8Array(buffer, byteOffset, byteLength)
        const bytes = await writeNiftiGz(job.path, [head, voxels], { temp: job.temp })
        scan = undefined
        return { bytes }
      }
    }
  }
}
