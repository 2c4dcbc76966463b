import { connect } from 'node:net'
import type { Env, Protocol, Signal } from './settings.ts'
import { endpointOf } from './settings.ts'

interface Result {
  code: number
  error?: Error
}

/** Watches how exports end, and says once that telemetry does not arrive: the work goes on without. */
export class Delivery {
  readonly #tell: (problem: { endpoint: string; reason: string }) => void
  readonly #endpoints = new Set<string>()
  #told = false
  #quiet = false
  #asking: Promise<void> | undefined

  constructor(tell: (problem: { endpoint: string; reason: string }) => void) {
    this.#tell = tell
  }

  /** The same exporter, its results seen. */
  watch<T, E extends { export(items: T, done: (result: Result) => void): void }>(
    exporter: E,
    where: { env: Env; signal: Signal; protocol: Protocol },
  ): E {
    const endpoint = endpointOf(where.env, where.signal, where.protocol)
    this.#endpoints.add(endpoint)
    const send = exporter.export.bind(exporter)
    exporter.export = (items, done) =>
      send(items, (result) => {
        if (result.code !== 0) this.#failed(endpoint, result.error)
        done(result)
      })
    return exporter
  }

  #failed(endpoint: string, error: Error | undefined): void {
    if (this.#told || this.#quiet) return
    this.#told = true
    const reason = reasonOf(error)
    if (reason !== undefined) this.#tell({ endpoint, reason })
    else
      this.#asking = refuses(endpoint).then((refused) =>
        this.#tell({ endpoint, reason: refused ? REFUSED : 'no connection came about in time' }),
      )
  }

  /** Failures from now on are our own doing: time is up. */
  silence(): void {
    this.#quiet = true
  }

  /** Whether somebody listens at every endpoint; a connection that is refused says no, all else may be slow. */
  async anyoneThere(): Promise<boolean> {
    const answers = await Promise.all(
      [...this.#endpoints].map(async (endpoint) => ({ endpoint, refused: await refuses(endpoint) })),
    )
    const refused = answers.find((answer) => answer.refused)
    if (refused) this.#failed(refused.endpoint, new Error(REFUSED))
    await this.#asking
    return answers.some((answer) => !answer.refused)
  }
}

const REFUSED = 'connection refused'

/** Undefined where gRPC's deadline came before it knew of any error. */
function reasonOf(error: Error | undefined): string | undefined {
  const text = (error as { details?: string } | undefined)?.details ?? error?.message ?? 'unknown'
  // gRPC wraps what Node said in a sentence for each address; a collector that is full says that it "refused data".
  if (/ECONNREFUSED|connection refused/.test(text)) return REFUSED
  if (/ENOTFOUND|EAI_AGAIN|Name resolution failed/.test(text)) return 'no such host'
  return /No connection established\. Last error: null/.test(text) ? undefined : text
}

function refuses(endpoint: string): Promise<boolean> {
  const address = addressOf(endpoint)
  if (!address) return Promise.resolve(false)
  return new Promise((resolve) => {
    const socket = connect({ ...address, timeout: PROBE_MS })
    const end = (refused: boolean) => {
      socket.destroy()
      resolve(refused)
    }
    socket.on('connect', () => end(false))
    socket.on('timeout', () => end(false))
    socket.on('error', (error: NodeJS.ErrnoException & { errors?: NodeJS.ErrnoException[] }) => {
      const codes = [error.code, ...(error.errors ?? []).map(({ code }) => code)]
      end(codes.some((code) => code === 'ECONNREFUSED' || code === 'ENOTFOUND' || code === 'ENOENT'))
    })
  })
}

const PROBE_MS = 500

function addressOf(endpoint: string): { host: string; port: number } | { path: string } | undefined {
  if (endpoint.startsWith('unix:')) return { path: endpoint.slice('unix:'.length).replace(/^\/\//, '') }
  const text = endpoint.includes('://') ? endpoint : `https://${endpoint}`
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (!url?.hostname) return undefined
  const port = Number(url.port || (url.protocol === 'http:' ? 80 : 443))
  return { host: url.hostname.replace(/^\[|\]$/g, ''), port }
}
