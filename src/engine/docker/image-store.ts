import { join } from 'node:path'
import type { PullStep } from '../../engine.ts'
import { packageRoot } from '../../util/package-root.ts'
import type { Workspace } from '../../workspace.ts'
import { loadBundle, saveBundle } from './bundle.ts'
import { findDaemon } from './daemon.ts'
import { daemonError } from './errors.ts'
import { daemonFacts } from './facts.ts'
import { type ImageState, imagesMissing, imagesOf } from './images.ts'
import { ensureImages } from './pull.ts'
import { loadProject, rememberedSettings } from './settings.ts'

/** The images of the real stack on one daemon, for a room without internet. */
export interface ImageStore {
  /** The daemon's address. */
  host: string
  list(): Promise<ImageState[]>
  pull(onStep: (step: PullStep, services: string[]) => void, signal?: AbortSignal): Promise<void>
  /** All of them into one file; gives its size. Throws LabError `images-missing`. */
  save(path: string): Promise<number>
  /** Gives the names that the file held. */
  load(path: string): Promise<string[]>
}

/** Without a lab: the images as they come with otel-lab. */
export async function openImageStore(
  workspace: Workspace | undefined,
  env: Record<string, string | undefined>,
): Promise<ImageStore> {
  const place = workspace ?? { root: process.cwd(), configsDir: join(packageRoot(), 'stack', 'configs') }
  const settings = workspace ? await rememberedSettings(workspace, {}) : {}
  const project = await loadProject(place, { ...settings, portOffset: 0, env })
  const { docker, host } = await findDaemon(env)
  const told = async <T>(doing: string, work: Promise<T>): Promise<T> => {
    try {
      return await work
    } catch (error) {
      throw await daemonError(error, doing, host)
    }
  }
  const list = () => told('look at the images', imagesOf(docker, project))
  return {
    host,
    list,
    async pull(onProgress, signal) {
      const facts = await daemonFacts(docker, host)
      await ensureImages(
        { docker, host, project, facts },
        { pull: 'missing', env, onProgress, ...(signal && { signal }) },
      )
    },
    async save(path) {
      const images = await list()
      const missing = images.filter(({ id }) => id === undefined)
      if (missing.length > 0) throw imagesMissing(missing)
      const names = images.map(({ image }) => image)
      return told('save the images', saveBundle(docker, names, path))
    },
    load: (path) => told('load the images', loadBundle(docker, path)),
  }
}
