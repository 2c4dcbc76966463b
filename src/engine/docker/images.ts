import type Docker from 'dockerode'
import type { PullStep } from '../../engine.ts'
import { EXIT, LabError } from '../../errors.ts'
import { OFFLINE_HINT, pullError, saidBy, statusOf } from './errors.ts'
import { loginFor } from './login.ts'
import { followProgress, type ProgressEvent } from './progress.ts'
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
  options: { env: Record<string, string | undefined>; onProgress: (progress: PullStep) => void; signal?: AbortSignal },
): Promise<void> {
  const { env, onProgress, signal } = options
  signal?.throwIfAborted()
  const { auth, problem } = await loginFor(image, env)
  try {
    const stream = await docker.pull(image, {
      ...(signal && { abortSignal: signal }),
      ...(auth && { authconfig: auth }),
    })
    await followProgress(stream, (event) => onProgress(progressOf(image, event)))
  } catch (error) {
    signal?.throwIfAborted()
    throw pullFailure(image, error, problem)
  }
}

function progressOf(image: string, { id, status = '', progressDetail }: ProgressEvent): PullStep {
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

function pullFailure(image: string, error: unknown, problem?: string): unknown {
  const { code } = error as NodeJS.ErrnoException
  // The daemon itself went away: that is told elsewhere.
  if (statusOf(error) === undefined && (code === 'ECONNREFUSED' || code === 'ECONNRESET')) return error
  return pullError(image, saidBy(error), problem)
}

/** Which images are not there, and every way to get them. */
export function imagesMissing(missing: readonly ImageState[]): LabError {
  const lines = missing.map(({ image, services }) => `  ${image} (${services.join(', ')})`)
  return new LabError('images-missing', `the daemon does not have:\n${lines.join('\n')}`, {
    hint: `otel-lab up --engine docker --pull missing\n${OFFLINE_HINT}`,
    exit: EXIT.broken,
  })
}
