import { Agent } from 'node:http'
import { EXIT, LabError } from '../errors.ts'
import { type HttpAnswer, type HttpOptions, httpRequest } from '../util/http.ts'
import type { RemoteRequest } from './remote.ts'

/** A backend's HTTP API and what it takes to be let in. Headers may hold secrets: they are never in a message. */
export interface BackendAddress {
  url: string
  headers?: Record<string, string>
}

/** What may be said of any one call. */
export interface Call {
  signal?: AbortSignal
  timeoutMs?: number
}

export type Params = Record<string, string | number | readonly string[] | undefined>

export interface Request extends Call {
  method?: 'GET' | 'POST'
  headers?: Record<string, string>
  body?: string
  /** Answers with these statuses are given to the caller, any other than 2xx is thrown. */
  accept?: readonly number[]
}

/** One backend, by its name for people; every failure to reach it is a LabError. */
export interface HttpBackend {
  readonly name: string
  /** For people: without a password that the URL may hold. */
  readonly shownUrl: string
  get(path: string, params?: Params, request?: Request): Promise<HttpAnswer>
  /** The same as JSON. */
  json<T>(path: string, params?: Params, request?: Request): Promise<T>
  /** An answer's JSON; throws LabError `backend-foreign` for anything else. */
  parse<T>(answer: HttpAnswer, path: string): T
}

const TIMEOUT_MS = 15_000
/** An URL much longer than this is refused by many servers and proxies. */
const MAX_URL = 6_000

/** Throws LabError `backend-unreachable`, `backend-slow`, `backend-refused`, `backend-failed`, `answer-too-big`. */
export function httpBackend(name: string, address: BackendAddress): HttpBackend {
  const base = baseOf(name, address.url)
  const shownUrl = `${base.origin}${base.pathname.replace(/\/$/, '')}`
  let sender: Promise<RemoteRequest> | undefined
  const connect = () => {
    sender ??= LOOPBACK.test(base.hostname)
      ? Promise.resolve(openLocal())
      : import('./remote.ts').then(({ openRemote }) => openRemote())
    return sender
  }

  async function get(path: string, params: Params = {}, request: Request = {}): Promise<HttpAnswer> {
    const { accept = [], timeoutMs = TIMEOUT_MS, headers, ...rest } = request
    const url = new URL(base)
    url.pathname = `${base.pathname.replace(/\/$/, '')}${path}`
    const search = searchOf(params)
    // What does not fit goes as a form, where the API takes one.
    const asForm = request.method === 'POST' && request.body === undefined
    if (!asForm) for (const [key, value] of search) url.searchParams.append(key, value)
    const options: HttpOptions = {
      ...rest,
      timeoutMs,
      headers: {
        ...address.headers,
        ...headers,
        ...(asForm ? { 'content-type': 'application/x-www-form-urlencoded' } : {}),
      },
      ...(asForm ? { body: search.toString() } : {}),
    }
    const send = await connect()
    const answer = await send(url.href, options)
      .catch((error: NodeJS.ErrnoException) => {
        // The server may have closed a kept connection just as it was taken again.
        if (error.code !== 'ECONNRESET' && error.code !== 'EPIPE') throw error
        return send(url.href, options)
      })
      .catch((error: NodeJS.ErrnoException) => {
        request.signal?.throwIfAborted()
        throw unreachable(name, shownUrl, error, timeoutMs)
      })
    if ((answer.status >= 200 && answer.status < 300) || accept.includes(answer.status)) return answer
    throw refused(name, shownUrl, path, answer)
  }

  function parse<T>(answer: HttpAnswer, path: string): T {
    try {
      return JSON.parse(answer.text) as T
    } catch (error) {
      throw new LabError(
        'backend-foreign',
        `${shownUrl}${path} answers ${answer.status} without JSON: it is not ${name}`,
        {
          hint: 'otel-lab status',
          cause: error,
        },
      )
    }
  }

  return {
    name,
    shownUrl,
    get,
    parse,
    json: async <T>(path: string, params: Params = {}, request: Request = {}) =>
      parse<T>(await get(path, params, request), path),
  }
}

/** GET where the URL has room, else the same as a form by POST, which Prometheus and Loki take too. */
export function methodFor(query: string): { method: 'GET' | 'POST' } {
  return { method: encodeURIComponent(query).length > MAX_URL ? 'POST' : 'GET' }
}

const LOOPBACK = /^(127\.\d+\.\d+\.\d+|localhost|\[::1\])$/

/** Node's own client: an engine of this machine is asked often and at once, and loading undici takes 70 ms. */
function openLocal(): RemoteRequest {
  // Idle connections do not keep the process alive.
  const agent = new Agent({ keepAlive: true, maxSockets: 8 })
  return (url, options) =>
    url.startsWith('https:') ? httpRequest(url, options) : httpRequest(url, { ...options, agent })
}

function baseOf(name: string, url: string): URL {
  try {
    const base = new URL(url)
    if (base.protocol === 'http:' || base.protocol === 'https:') return base
  } catch {
    // Said below.
  }
  throw new LabError('bad-url', `${url} is no http or https URL for ${name}`, { exit: EXIT.usage })
}

function searchOf(params: Params): URLSearchParams {
  const search = new URLSearchParams()
  for (const [key, value] of Object.entries(params)) {
    if (value === undefined) continue
    for (const one of Array.isArray(value) ? value : [value]) search.append(key, String(one))
  }
  return search
}

const REASONS: Record<string, string> = {
  ECONNREFUSED: 'nothing listens there',
  ENOTFOUND: 'there is no such host',
  EAI_AGAIN: 'its name cannot be looked up now',
  EHOSTUNREACH: 'there is no way to that host',
  ENETUNREACH: 'there is no way to that network',
  ECONNRESET: 'it closed the connection',
}

function unreachable(name: string, url: string, error: NodeJS.ErrnoException, timeoutMs: number): LabError {
  if (error.code === 'ETIMEDOUT') {
    return new LabError('backend-slow', `${name} at ${url} did not answer within ${timeoutMs / 1000} s`, {
      hint: 'otel-lab status',
      exit: EXIT.slow,
      cause: error,
    })
  }
  if (error.code === 'ETOOBIG') {
    return new LabError('answer-too-big', `${name} at ${url} answers with more than fits: ${error.message}`, {
      hint: 'Ask for less: a shorter time window or a smaller --limit',
      exit: EXIT.failed,
      cause: error,
    })
  }
  const why = REASONS[error.code ?? ''] ?? error.message
  return new LabError('backend-unreachable', `${name} does not answer at ${url}: ${why}`, {
    hint: 'otel-lab status, and if it is down: otel-lab up',
    cause: error,
  })
}

/** What came back instead of an answer; the first line of it, for an error page can be long. */
function refused(name: string, url: string, path: string, answer: HttpAnswer): LabError {
  const { status } = answer
  if (status === 401 || status === 403) {
    return new LabError('backend-refused', `${name} at ${url} does not let us in (${status})`, {
      hint: 'Check the headers and the user that this stack wants: otel-lab up --help',
    })
  }
  if (status === 414 || status === 431) {
    return new LabError('query-too-long', `the query is longer than ${name} takes in an URL`, { exit: EXIT.failed })
  }
  return new LabError('backend-failed', `${name} at ${url}${path} answers ${status}${saidIn(answer)}`, {
    hint: status === 404 ? `Is ${url} ${name}? See: otel-lab status` : 'otel-lab status',
  })
}

export function saidIn(answer: HttpAnswer): string {
  if (answer.type?.includes('html')) return ' with a web page'
  const line = answer.text.trim().split('\n')[0] ?? ''
  return line === '' ? '' : `: ${line.slice(0, 300)}`
}
