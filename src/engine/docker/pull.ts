import type { PullStep } from '../../engine.ts'
import { LabError } from '../../errors.ts'
import { downloadMb, refuseFullDisk } from './download.ts'
import { daemonError, OFFLINE_HINT } from './errors.ts'
import { type ImageState, imagesMissing, imagesOf, type PullPolicy, pullImage } from './images.ts'
import type { DockerLab } from './lab.ts'

type ImageLab = Pick<DockerLab, 'docker' | 'host' | 'project' | 'facts'>

export interface PullOptions {
  pull: PullPolicy
  env: Record<string, string | undefined>
  onProgress: (progress: PullStep, services: string[]) => void
  signal?: AbortSignal
}

/** Sees that every image is there, by the policy. Gives each image's id. Throws LabError `images-missing` or a pull's. */
export async function ensureImages(lab: ImageLab, options: PullOptions): Promise<Map<string, string>> {
  const { docker, project, host } = lab
  try {
    const states = await imagesOf(docker, project)
    const missing = states.filter(({ id }) => id === undefined)
    if (options.pull === 'never' && missing.length > 0) throw imagesMissing(missing)
    const wanted = options.pull === 'always' ? states : options.pull === 'missing' ? missing : []
    if (wanted.length > 0) await refuseFullDisk(lab.facts, project, wanted)
    await pullAll(lab, wanted, options)
    const now = wanted.length > 0 ? await imagesOf(docker, project) : states
    return new Map(now.map(({ image, id }) => [image, id ?? '']))
  } catch (error) {
    if (options.signal?.aborted) throw error
    throw await daemonError(error, 'get the images', host)
  }
}

/** All are tried, so that one message names all that are missing. */
async function pullAll(lab: ImageLab, wanted: readonly ImageState[], options: PullOptions): Promise<void> {
  const { env, signal } = options
  const results = await Promise.allSettled(
    wanted.map(({ image, services }) => {
      const mb = downloadMb(lab.project, services.slice(0, 1))
      const onProgress = (step: PullStep) => options.onProgress(mb > 0 ? { ...step, about: mb * 1e6 } : step, services)
      return pullImage(lab.docker, image, { env, onProgress, ...(signal && { signal }) })
    }),
  )
  signal?.throwIfAborted()
  const failed = results.flatMap((result, i) =>
    result.status === 'rejected' ? [{ reason: result.reason as unknown, image: wanted[i]! }] : [],
  )
  const [first] = failed
  if (first === undefined) return
  const { reason } = first
  if (!(reason instanceof LabError) || failed.length === 1) throw reason
  const lines = failed.map(({ image: { image, services } }) => `  ${image} (${services.join(', ')})`)
  throw new LabError(reason.code, `${reason.message}\nMissing are:\n${lines.join('\n')}`, {
    hint: reason.hint ?? OFFLINE_HINT,
    exit: reason.exit,
    cause: reason,
  })
}
