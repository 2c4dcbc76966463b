import type { Labels } from '../../series/labels.ts'
import { ByteReader, ByteWriter } from './bytes.ts'

export interface SampleRecord {
  ref: number
  time: number
  value: number
  stale: boolean
}

export interface ExemplarRecord {
  ref: number
  labels: Labels
  time: number
  value: number
}

/** One commit: the definitions of the series that this segment does not know yet, samples, exemplars. */
export interface CommitRecord {
  series: { ref: number; labels: Labels }[]
  samples: SampleRecord[]
  exemplars: ExemplarRecord[]
}

const VERSION = 1
/** How a sample's value is written. */
const INTEGER = 0
const DOUBLE = 1
const STALE = 2

export function encodeCommit(commit: CommitRecord): Uint8Array {
  const out = new ByteWriter()
  out.uint(VERSION)
  out.uint(commit.series.length)
  for (const { ref, labels } of commit.series) {
    out.uint(ref)
    out.strings(labels)
  }
  const base = commit.samples[0]?.time ?? 0
  out.int(base)
  out.uint(commit.samples.length)
  for (const { ref, time, value, stale } of commit.samples) {
    out.uint(ref)
    out.int(time - base)
    // -0 and what a double cannot count exactly must come back as they were.
    const isInteger = Number.isSafeInteger(value) && Math.abs(value) < 2 ** 48 && !Object.is(value, -0)
    out.uint(stale ? STALE : isInteger ? INTEGER : DOUBLE)
    if (stale) continue
    if (isInteger) out.int(value)
    else out.double(value)
  }
  out.uint(commit.exemplars.length)
  for (const { ref, labels, time, value } of commit.exemplars) {
    out.uint(ref)
    out.strings(labels)
    out.int(time)
    out.double(value)
  }
  return out.finish()
}

/** Takes a record apart without making an object for each sample: replay reads millions. */
export interface CommitVisitor {
  series(ref: number, labels: Labels): void
  sample(ref: number, time: number, value: number, stale: boolean): void
  exemplar(ref: number, labels: Labels, time: number, value: number): void
}

/** Throws RangeError on a record of another version. */
export function visitCommit(bytes: Uint8Array, visitor: CommitVisitor): void {
  const input = new ByteReader(bytes)
  const version = input.uint()
  if (version !== VERSION) throw new RangeError(`journal record of version ${version}`)
  for (let n = input.uint(); n > 0; n--) visitor.series(input.uint(), input.strings())
  const base = input.int()
  for (let n = input.uint(); n > 0; n--) {
    const ref = input.uint()
    const time = base + input.int()
    const kind = input.uint()
    const value = kind === STALE ? Number.NaN : kind === INTEGER ? input.int() : input.double()
    visitor.sample(ref, time, value, kind === STALE)
  }
  for (let n = input.uint(); n > 0; n--) visitor.exemplar(input.uint(), input.strings(), input.int(), input.double())
}
