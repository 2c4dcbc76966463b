import { statfs } from 'node:fs/promises'
import { LabError } from '../../errors.ts'
import { daemonFull } from './errors.ts'
import type { DaemonFacts } from './facts.ts'
import type { ImageState } from './images.ts'
import type { Project } from './project.ts'

/** compose.yaml says of each service about how much its image is to download. */
const DOWNLOAD_LABEL = 'dev.otel-lab.download-mb'
/** Layers lie there compressed and unpacked until a pull is through. */
const UNPACKED = 4

/** About how many MB are to be fetched for these services. */
export function downloadMb(project: Project, services: readonly string[]): number {
  return services.reduce((sum, name) => sum + Number(project.file.services[name]?.labels[DOWNLOAD_LABEL] ?? 0), 0)
}

/** Before anything is fetched: whether it will fit, where the daemon's disk is one of ours. Throws LabError `disk-full`. */
export async function refuseFullDisk(
  facts: Pick<DaemonFacts, 'near' | 'dataDir'>,
  project: Project,
  wanted: readonly ImageState[],
): Promise<void> {
  if (!facts.near || facts.dataDir === '') return
  const disk = await statfs(facts.dataDir).catch(() => undefined)
  if (disk === undefined) return
  const free = Math.floor((disk.bavail * disk.bsize) / 1e6)
  const fetched = wanted.reduce((sum, { services }) => sum + downloadMb(project, services.slice(0, 1)), 0)
  if (free >= fetched * UNPACKED) return
  const { code, hint } = daemonFull('', undefined)
  const need = `the images need about ${fetched * UNPACKED} MB in ${facts.dataDir}, where ${free} MB are free`
  throw new LabError(code, `nothing is pulled: ${need}`, { ...(hint ? { hint } : {}) })
}
