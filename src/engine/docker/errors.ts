import { LabError } from '../../errors.ts'
import { describeOwner, portOwner } from '../../util/port-owner.ts'

/** An error as dockerode gives it: the daemon's answer, or the socket's own fault. */
interface DaemonError extends Error {
  statusCode?: number
  code?: string
  json?: { message?: string }
}

export function statusOf(error: unknown): number | undefined {
  return (error as DaemonError).statusCode
}

/** What the daemon said, without dockerode's `(HTTP code 500) server error - ` in front. */
export function saidBy(error: unknown): string {
  const { json, message } = error as DaemonError
  return (json?.message ?? message ?? String(error)).replace(/^\(HTTP code \d+\) [a-z ]+ - /i, '').trim()
}

const GONE = new Set(['ECONNREFUSED', 'ECONNRESET', 'ENOENT', 'EPIPE', 'ETIMEDOUT', 'ECONNABORTED'])

/**
 * The failure of a call to the daemon in the user's words; what we do not know stays as it is. `doing` says what was
 * wanted, such as `start tempo`.
 */
export async function daemonError(error: unknown, doing: string, host: string): Promise<unknown> {
  if (error instanceof LabError) return error
  const { code, statusCode } = error as DaemonError
  const said = saidBy(error)
  if (statusCode === undefined && (GONE.has(code ?? '') || /socket hang up|aborted/i.test(said))) {
    return new LabError('daemon-gone', `the Docker daemon at ${host} went away while it should ${doing} (${said})`, {
      hint: 'Start it again, then: otel-lab up\nWithout Docker: otel-lab up --engine embedded',
      cause: error,
    })
  }
  if (statusCode === undefined) return error
  if (/no space left on device|disk quota/i.test(said)) {
    return daemonFull(doing, error)
  }
  const port = takenPort(said)
  if (port !== undefined) return portTaken(port, doing, error)
  if (/bind source path does not exist|not shared from the host|mounts denied/i.test(said)) {
    return new LabError('not-mounted', `cannot ${doing}: the daemon at ${host} does not see the lab's files: ${said}`, {
      hint: 'Is it on another machine, or is the folder not shared with it? (Docker Desktop: Settings, Resources, File sharing; colima start --mount)\nThen: otel-lab up',
      cause: error,
    })
  }
  if (/permission denied|operation not permitted/i.test(said)) {
    return new LabError('daemon-forbidden', `cannot ${doing}: ${said}`, { hint: 'otel-lab doctor', cause: error })
  }
  return new LabError('daemon-failed', `cannot ${doing}: the Docker daemon says: ${said}`, {
    hint: 'otel-lab doctor\nWithout Docker: otel-lab up --engine embedded',
    cause: error,
  })
}

export function daemonFull(doing: string, cause: unknown): LabError {
  return new LabError('disk-full', `cannot ${doing}: the disk of the Docker daemon is full`, {
    hint: 'See what takes it: docker system df\nFree it: docker image prune, or the stored telemetry: otel-lab down --volumes',
    cause,
  })
}

/** The two ways in which dockerd says it, and Docker Desktop's. */
function takenPort(said: string): number | undefined {
  const match =
    /Bind for [^ ]*:(\d+) failed: port is already allocated/i.exec(said) ??
    /listen \w+ [^ ]*:(\d+): bind: (?:address already in use|.*permitted)/i.exec(said) ??
    /ports are not available:.*?:(\d+)/i.exec(said)
  return match ? Number(match[1]) : undefined
}

async function portTaken(port: number, doing: string, cause: unknown): Promise<LabError> {
  const owner = describeOwner(await portOwner(port))
  return new LabError('port-taken', `cannot ${doing}: port ${port} is held by ${owner}`, {
    hint: 'Move the whole lab out of the way: otel-lab up --port-offset 1000',
    cause,
  })
}

/** A pull's failure by its cause: no network, no such image, a registry that says no. */
export function pullError(image: string, said: string, login = ''): LabError {
  const cannot = `cannot pull ${image}`
  const noLogin = login === '' ? '' : `\n${login}`
  if (/no space left on device/i.test(said)) {
    return daemonFull(`pull ${image}`, said)
  }
  if (/toomanyrequests|rate limit/i.test(said)) {
    return new LabError('pull-limited', `${cannot}: the registry's limit for anonymous pulls is reached${noLogin}`, {
      hint: 'docker login, or wait; or load a bundle from a colleague: otel-lab images load FILE',
    })
  }
  if (
    /no such host|i\/o timeout|connection refused|name resolution|unreachable|TLS handshake|deadline|EOF/i.test(said)
  ) {
    return new LabError('pull-offline', `${cannot}: the registry cannot be reached (${said})`, {
      hint: OFFLINE_HINT,
    })
  }
  if (
    /manifest unknown|not found|does not exist|denied|unauthorized|no basic auth credentials|authentication required|no matching manifest/i.test(
      said,
    )
  ) {
    return new LabError(
      'image-unknown',
      `${cannot}: the registry does not have it, or not for you (${said})${noLogin}`,
      {
        hint: `Is the name right? It is set by --image SERVICE=IMAGE or by OTEL_LAB_..._IMAGE\nIs it one that needs a login? docker login, then: otel-lab up`,
      },
    )
  }
  return new LabError('pull-failed', `${cannot}: ${said}`, { hint: OFFLINE_HINT })
}

/** How images come into a room without internet. */
export const OFFLINE_HINT = [
  'Where there is internet: otel-lab images save otel-lab-images.tar',
  'Here: otel-lab images load otel-lab-images.tar',
  'Without Docker: otel-lab up --engine embedded',
].join('\n')
