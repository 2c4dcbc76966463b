import { readdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { makeDir } from '../util/atomic-write.ts'
import { seeded, shuffled } from '../util/seeded.ts'
import { preprocess } from './preprocess.ts'

/** Small enough that a run takes about a second, large enough that its steps take different times. */
const SIZE = 64
const SUBJECTS = 3
const SCAN = /\.nii(\.gz)?$/

/** How scans break; `neuro-preprocess synth --broken KIND`. */
const BROKEN_KINDS = ['truncated', 'wrong-dimensions', 'all-nan', 'empty', 'not-nifti', 'too-large'] as const

export interface MadeScans {
  /** Paths, in order; those that were there already if there were any. */
  files: string[]
  /** Why there are none. */
  problem?: Error
}

/** Healthy scans in `dir`, made only if it holds none. Never rejects: a lab without scans still runs. */
export async function ensureScans(dir: string, options: { signal?: AbortSignal } = {}): Promise<MadeScans> {
  try {
    const there = await scansIn(dir)
    if (there.length > 0) return { files: there }
    await making(dir, (temp) =>
      preprocess(['synth', '-o', temp, '--subjects', String(SUBJECTS), '--size', String(SIZE), '--seed', '1'], options),
    )
    return { files: await scansIn(dir) }
  } catch (error) {
    return { files: [], problem: error as Error }
  }
}

/**
 * A folder of scans of which some are broken, each in another way; which ones and how comes from `seed`.
 * Made whole or not at all, and only once for a seed. Throws LabError.
 */
export async function stressScans(
  inputDir: string,
  seed: number,
  options: { signal?: AbortSignal } = {},
): Promise<string[]> {
  const dir = join(inputDir, `stress-${seed}`)
  const there = await scansIn(dir).catch(() => [])
  if (there.length > 0) return there
  await makeDir(dir)
  const random = seeded(seed)
  const kinds = shuffled(BROKEN_KINDS, random).slice(0, 3)
  const places = shuffled([1, 2, 3, 4, 5, 6], random).slice(0, kinds.length)
  await making(dir, async (temp) => {
    await Promise.all([
      preprocess(['synth', '-o', temp, '--subjects', '6', '--size', String(SIZE), '--seed', String(seed)], options),
      ...kinds.map((kind, i) =>
        preprocess(
          [
            'synth',
            '-o',
            join(temp, kind),
            '--size',
            String(SIZE),
            '--seed',
            String(seed),
            '--broken',
            kind,
            '--name',
            scanName(places[i]!),
          ],
          options,
        ),
      ),
    ])
    // The broken ones take the place of healthy ones of the same name: their names give nothing away.
    for (const [i, kind] of kinds.entries())
      await rename(join(temp, kind, scanName(places[i]!)), join(temp, scanName(places[i]!)))
  })
  return scansIn(dir)
}

export const scanName = (subject: number) => `sub-${String(subject).padStart(3, '0')}_T1w.nii.gz`

async function scansIn(dir: string): Promise<string[]> {
  return (await readdir(dir))
    .filter((name) => SCAN.test(name))
    .sort()
    .map((name) => join(dir, name))
}

/** Lets `make` fill a folder beside `dir`'s own files, then gives each file its place, unless one is there. */
async function making(dir: string, make: (temp: string) => Promise<unknown>): Promise<void> {
  const temp = join(dir, `.making-${process.pid}`)
  try {
    await makeDir(temp)
    await make(temp)
    const there = new Set(await readdir(dir))
    for (const name of (await readdir(temp)).filter((name) => SCAN.test(name) && !there.has(name))) {
      await rename(join(temp, name), join(dir, name))
    }
  } finally {
    await rm(temp, { recursive: true, force: true })
  }
}
