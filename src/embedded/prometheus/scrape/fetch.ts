import { Agent, type IncomingMessage, request } from 'node:http'
import { Agent as SecureAgent, request as secureRequest } from 'node:https'
import { table } from '../../../util/table.ts'
import { type Inflate, InflateError } from '../../compression.ts'
import type { Network } from '../../network.ts'
import type { Target } from './target.ts'

export interface Page {
  body: Uint8Array
  contentType: string
}

/** Where pages are fetched from; keeps connections between scrapes. */
export interface Fetcher {
  /** Rejects with an Error worded as Go's client words it. */
  fetch(target: Target, signal: AbortSignal): Promise<Page>
  close(): void
}

const ACCEPT: Record<string, string> = table({
  PrometheusProto: 'application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited',
  'OpenMetricsText0.0.1': 'application/openmetrics-text;version=0.0.1',
  'OpenMetricsText1.0.0': 'application/openmetrics-text;version=1.0.0;escaping=allow-utf-8',
  'PrometheusText0.0.4': 'text/plain;version=0.0.4',
  'PrometheusText1.0.0': 'text/plain;version=1.0.0;escaping=allow-utf-8',
})
const MAX_BODY_BYTES = 64 * 1024 * 1024
const MAX_REDIRECTS = 10

/** The Accept header of a job: its protocols in order of preference. Protobuf is left out: it is not read here. */
export function acceptHeader(protocols: readonly string[]): string {
  const known = protocols.filter((name) => name !== 'PrometheusProto')
  const parts = known.map((name, i) => `${ACCEPT[name]};q=0.${known.length + 1 - i}`)
  return [...parts, '*/*;q=0.1'].join(',')
}

export function createFetcher(network: Network): Fetcher {
  const agents = { 'http:': new Agent({ keepAlive: true }), 'https:': new SecureAgent({ keepAlive: true }) }

  function send(target: Target, url: URL, signal: AbortSignal): Promise<IncomingMessage> {
    const secure = url.protocol === 'https:'
    const port = Number(url.port) || (secure ? 443 : 80)
    const address = network.resolve('prometheus', url.hostname, port)
    if (address === undefined) {
      return Promise.reject(new Error(`dial tcp: lookup ${url.hostname}: connect: connection refused`))
    }
    return new Promise((resolve, reject) => {
      const outgoing = (secure ? secureRequest : request)({
        host: address.host,
        port: address.port,
        path: url.pathname + url.search,
        agent: secure ? agents['https:'] : agents['http:'],
        signal,
        headers: {
          host: url.host,
          accept: acceptHeader(target.job.protocols),
          'accept-encoding': 'gzip',
          'user-agent': 'Prometheus/3.14.0-otel-lab',
          'x-prometheus-scrape-timeout-seconds': String(target.timeoutMs / 1000),
          ...target.job.headers,
        },
      })
      outgoing.on('response', resolve)
      outgoing.on('error', (error: NodeJS.ErrnoException) => reject(dialError(error, url, address)))
      outgoing.end()
    })
  }

  async function follow(target: Target, signal: AbortSignal): Promise<IncomingMessage> {
    let url = new URL(target.url)
    for (let hop = 0; hop <= MAX_REDIRECTS; hop++) {
      const answer = await send(target, url, signal)
      const location = answer.headers.location
      const moved = [301, 302, 303, 307, 308].includes(answer.statusCode ?? 0)
      if (!moved || location === undefined || !target.job.followRedirects) return answer
      answer.resume()
      url = new URL(location, url)
    }
    throw new Error(`stopped after ${MAX_REDIRECTS} redirects`)
  }

  return {
    async fetch(target, signal) {
      let answer: IncomingMessage
      try {
        answer = await follow(target, signal)
      } catch (error) {
        throw new Error(
          `Get "${target.url}": ${signal.aborted ? 'context deadline exceeded' : (error as Error).message}`,
        )
      }
      if (answer.statusCode !== 200) {
        answer.resume()
        throw new Error(`server returned HTTP status ${answer.statusCode} ${answer.statusMessage}`)
      }
      const limit = target.job.bodySizeLimitBytes || MAX_BODY_BYTES
      try {
        const body = await readBounded(answer, limit, network.inflate)
        return { body, contentType: answer.headers['content-type'] ?? '' }
      } catch (error) {
        throw signal.aborted ? new Error('context deadline exceeded') : error
      }
    },
    close() {
      agents['http:'].destroy()
      agents['https:'].destroy()
    },
  }
}

async function readBounded(answer: IncomingMessage, limit: number, inflate: Inflate): Promise<Uint8Array> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of answer as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > limit) throw new Error('body size limit exceeded')
    chunks.push(chunk)
  }
  const raw = Buffer.concat(chunks, size)
  if (answer.headers['content-encoding'] !== 'gzip') return raw
  try {
    return await inflate('gzip', raw, limit)
  } catch (error) {
    if (error instanceof InflateError && error.tooLarge) throw new Error('body size limit exceeded')
    throw error
  }
}

function dialError(error: NodeJS.ErrnoException, url: URL, address: { host: string; port: number }): Error {
  if (error.code === 'ECONNREFUSED')
    return new Error(`dial tcp ${address.host}:${address.port}: connect: connection refused`)
  if (error.code === 'ENOTFOUND' || error.code === 'EAI_AGAIN')
    return new Error(`dial tcp: lookup ${url.hostname}: no such host`)
  if (error.code === 'ECONNRESET') return new Error('EOF')
  return new Error(error.message)
}
