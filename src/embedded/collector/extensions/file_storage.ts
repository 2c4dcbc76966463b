import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Build, Component } from '../component.ts'
import { heldPath } from '../exporters/file/files.ts'

/** An extension that has room on disk for others. */
export interface Storage extends Component {
  /** A folder of one component's own. */
  folderFor(kind: string, id: string, signal: string): string
  readonly fsync: boolean
}

/** Room on disk, in the lab's own folder, whatever the directory that the config names. */
export function createFileStorage({ config, filesDir }: Build): Storage {
  const folder = heldPath(filesDir, config.settings.directory)
  return {
    fsync: config.settings.fsync,
    folderFor: (kind, id, signal) => join(folder, `${kind}_${id.replaceAll('/', '_')}_${signal}`),
    start: async () => void (await mkdir(folder, { recursive: true })),
  }
}
