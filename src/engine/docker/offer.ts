import { LabError } from '../../errors.ts'
import type { Workspace } from '../../workspace.ts'
import { findDaemon } from './daemon.ts'
import { downloadMb } from './download.ts'
import { imagesOf } from './images.ts'
import { type DockerSettings, loadProject, rememberedSettings } from './settings.ts'

/** Nobody asked for Docker by name: whoever hangs is not waited for. */
const PING_MS = 1_000

export type Offer = { usable: true } | { usable: false; why: string }

/** Whether the real stack could start at once: a daemon answers and has every image; else what it would need. */
export async function dockerOffer(
  workspace: Workspace,
  options: DockerSettings & { env: Record<string, string | undefined> },
): Promise<Offer> {
  const { env, ...said } = options
  const settings = await rememberedSettings(workspace, said)
  const project = await loadProject(workspace, { ...settings, portOffset: 0, env })
  const size = (services: readonly string[]) => downloadMb(project, services)
  const all = Object.keys(project.file.services)
  try {
    const daemon = await findDaemon(env, { pingMs: PING_MS })
    const images = await imagesOf(daemon.docker, project).finally(daemon.close)
    const missing = images.filter(({ id }) => id === undefined)
    if (missing.length === 0) return { usable: true }
    const services = missing.flatMap((image) => image.services)
    const count = missing.length === images.length ? 'none of its images is' : `${missing.length} of its images are not`
    return { usable: false, why: `Docker answers, but ${count} there (about ${size(services)} MB to pull)` }
  } catch (error) {
    if (!(error instanceof LabError)) return { usable: false, why: `Docker fails: ${(error as Error).message}` }
    const why = error.code === 'daemon-forbidden' ? 'you may not use its Docker daemon' : 'no Docker daemon answers'
    return { usable: false, why: `${why}; with one, about ${size(all)} MB are to pull` }
  }
}
