import type { Call, HttpBackend } from './http.ts'

export interface Readiness {
  ready: boolean
  /** What it says of itself, such as why it is not ready. */
  said: string
}

/** Statuses that a ready page may have without the backend being gone. */
const TELLING = [404, 405, 500, 503]

/**
 * Asks a backend's ready page. Hosted ones (Grafana Cloud) have none, so that a page of the query API must do.
 * Throws LabError when nothing answers or it does not let us in.
 */
export async function isReady(
  backend: HttpBackend,
  page: string,
  fallback: string,
  call: Call = {},
): Promise<Readiness> {
  const answer = await backend.get(page, {}, { ...call, accept: TELLING })
  if (answer.status !== 404 && answer.status !== 405) return { ready: answer.status < 300, said: answer.text.trim() }
  await backend.get(fallback, {}, call)
  return { ready: true, said: `${fallback} answers` }
}
