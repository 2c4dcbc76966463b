import type Docker from 'dockerode'
import type { PullStep } from '../../engine.ts'
import { EXIT, LabError } from '../../errors.ts'
import { OFFLINE_HINT, pullError, saidBy, statusOf } from './errors.ts'
import type { Project } from './project.ts'

export interface ImageState {
  image: string
  services: string[]
  /** Absent when the daemon does not have it. */
  id?: string
  bytes?: number
}

/** When images are fetched from the registry. */
export type PullPolicy = 'missing' | 'always' | 'never'

/** The images that the services need, each with whether the daemon has it. */
export async function imagesOf(docker: Docker, project: Project): Promise<ImageState[]> {
  const users = new Map<string, string[]>()
  for (const [name, { image }] of Object.entries(project.file.services)) {
    users.set(image, [...(users.get(image) ?? []), name])
  }
  return Promise.all(
    [...users].map(async ([image, services]) => {
      try {
        const { Id: id, Size: bytes } = await docker.getImage(image).inspect()
        return { image, services, id, bytes }
      } catch (error) {
        if (statusOf(error) === 404) return { image, services }
        throw error
      }
    }),
  )
}

/**
 * Fetches one image. The daemon resumes what an interrupted pull left. Throws LabError `pull-offline`,
 * `image-unknown`, `pull-limited`, `disk-full` or `pull-failed`.
 */
export async function pullImage(
  docker: Docker,
  image: string,
  onProgress: (progress: PullStep) => void,
  signal?: AbortSignal,
): Promise<void> {
  signal?.throwIfAborted()
  const stream = await docker
    .pull(image, signal ? { abortSignal: signal } : {})
    .catch((error: Error) => Promise.reject(pullFailure(image, error)))
  await new Promise<void>((resolve, reject) => {
    docker.modem.followProgress(
      stream,
      (error) => (error ? reject(signal?.aborted ? signal.reason : pullFailure(image, error)) : resolve()),
      (event: PullEvent) => onProgress(progressOf(image, event)),
    )
  })
}

interface PullEvent {
  id?: string
  status?: string
  progressDetail?: { current?: number; total?: number }
}

function progressOf(image: string, { id, status = '', progressDetail }: PullEvent): PullStep {
  const { current, total } = progressDetail ?? {}
  // `Pulling from library/x` bears the tag as its id; a layer's is twelve hex digits.
  const isLayer = id !== undefined && /^[0-9a-f]{12}$/.test(id)
  return {
    image,
    status,
    ...(isLayer && { layer: id }),
    ...(current !== undefined && { current }),
    ...(total !== undefined && { total }),
  }
}

function pullFailure(image: string, error: unknown): unknown {
  const { code } = error as NodeJS.ErrnoException
  // The daemon itself went away: that is told elsewhere.
  if (statusOf(error) === undefined && (code === 'ECONNREFUSED' || code === 'ECONNRESET')) return error
  return pullError(image, saidBy(error))
}

/** Which images are not there, and every way to get them. */
export function imagesMissing(missing: readonly ImageState[]): LabError {
  const lines = missing.map(({ image, services }) => `  ${image} (${services.join(', ')})`)
  return new LabError('images-missing', `the daemon does not have:\n${lines.join('\n')}`, {
    hint: `otel-lab up --engine docker --pull missing\n${OFFLINE_HINT}`,
    exit: EXIT.broken,
  })
}
