import type { ServiceName } from '../engine.ts'
import { labLayout } from '../util/lab-layout.ts'
import type { Workspace } from '../workspace.ts'
import { type FolderSize, measureFolder } from './storage/measure.ts'
import { DOCKER_VOLUMES, PARTS, type PartKind } from './storage/parts.ts'

/** One folder of a service's store. */
export interface StoredPart {
  service: ServiceName
  kind: PartKind
  /** On this machine, or inside the container. */
  path: string
  /** Undefined where the engine does not let us look. */
  size?: FolderSize
  /** What is in these files. */
  meaning: string
  /** Where the real one keeps the same. */
  real: string
  /** Where we cannot look: the command that can. */
  look?: string
}

/** What lies on disk. Of a stack that we do not own nothing is known. */
export async function storedParts(kind: 'embedded' | 'docker' | 'external', lab: Workspace): Promise<StoredPart[]> {
  if (kind === 'external') return []
  if (kind === 'docker') {
    return DOCKER_VOLUMES.map(({ volume, ...part }) => ({
      ...part,
      kind: 'volume',
      look: `docker system df --verbose | grep ${volume}`,
    }))
  }
  const { store } = labLayout(lab.root)
  return Promise.all(
    PARTS.map(async ({ folder, ...part }) => {
      const path = `${store}/${part.service}/${folder}`
      return { ...part, path, size: await measureFolder(path) }
    }),
  )
}
