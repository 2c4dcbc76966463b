import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { open, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { ScanFault } from '../fault.ts'
import { makeFolder, writeFault } from '../nifti/write.ts'
import { type BrokenKind, brokenScan } from './broken.ts'
import { encodePhantom } from './encode.ts'
import { phantom } from './phantom.ts'

export interface SynthOptions {
  dir: string
  subjects: number
  size: number
  seed: number
  broken?: BrokenKind
  /** Instead of sub-001_T1w.nii.gz; for one subject only. */
  name?: string
  /** Write over scans that are there. */
  force: boolean
  signal: AbortSignal
  onScan: (path: string) => void
}

/** Makes phantom scans; returns their paths. Throws ScanFault. */
export async function synthesize(options: SynthOptions): Promise<string[]> {
  const { dir, subjects, size, seed, broken, name, force, signal, onScan } = options
  const paths = Array.from({ length: subjects }, (_, i) =>
    join(dir, name ?? `sub-${String(i + 1).padStart(3, '0')}_T1w.nii.gz`),
  )
  const there = paths.find((path) => existsSync(path))
  if (there !== undefined && !force) {
    throw new ScanFault('write-failed', `${there} is there already`, 'Give another -o DIR, or --force to write over it')
  }
  await makeFolder(dir)
  for (const [i, path] of paths.entries()) {
    signal.throwIfAborted()
    const head = phantom(size, seed, i + 1)
    const plain = () => (path.endsWith('.nii') ? encodePhantom(head) : gzipSync(encodePhantom(head)))
    await writeWhole(path, broken ? brokenScan(broken, head) : plain())
    onScan(path)
    // A breath, so that Ctrl-C is heard between two scans.
    await new Promise((done) => setImmediate(done))
  }
  return paths
}

async function writeWhole(path: string, bytes: Uint8Array): Promise<void> {
  const temp = `${path}.${randomBytes(4).toString('hex')}.tmp`
  try {
    const file = await open(temp, 'wx')
    try {
      await file.writeFile(bytes)
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(temp, path)
  } catch (error) {
    await rm(temp, { force: true }).catch(() => {})
    throw writeFault(error, path)
  }
}
