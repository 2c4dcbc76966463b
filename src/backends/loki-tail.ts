import { LabError } from '../errors.ts'
import type { BackendAddress, Call } from './http.ts'
import { type JsonStream, type LogRow, logRows, readStreams } from './loki-streams.ts'

export interface TailCall extends Pick<Call, 'signal'> {
  /** Nanoseconds since the epoch; what came before is not told. */
  startNs: bigint
  onLines: (rows: LogRow[]) => void
  /** The connection stands: what is logged from now on is told of. */
  onOpen?: () => void
}

/** Loki's live tail, a WebSocket. Resolves when `signal` ends it. Throws LabError `tail-ended`. */
export async function tailLoki(address: BackendAddress, query: string, call: TailCall): Promise<void> {
  const { WebSocket } = await import('ws')
  const url = new URL(address.url)
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:'
  url.pathname = `${url.pathname.replace(/\/$/, '')}/loki/api/v1/tail`
  url.searchParams.set('query', query)
  url.searchParams.set('start', String(call.startNs))
  const headers = { ...address.headers, 'x-loki-response-encoding-flags': 'categorize-labels' }
  const socket = new WebSocket(url, { headers, maxPayload: 64 << 20 })
  const end = () => socket.terminate()
  call.signal?.addEventListener('abort', end, { once: true })
  if (call.signal?.aborted) end()
  try {
    await new Promise<void>((resolve, reject) => {
      const failed = (why: string, cause?: Error) => {
        if (call.signal?.aborted) resolve()
        else reject(new LabError('tail-ended', `Loki's tail ended: ${why}`, { hint: 'otel-lab status', cause }))
      }
      socket.on('open', () => call.onOpen?.())
      socket.on('message', (data) => {
        const { streams } = JSON.parse(String(data)) as { streams?: JsonStream[] }
        call.onLines(logRows(readStreams(streams ?? [])))
      })
      socket.on('unexpected-response', (_, answer) => failed(`it answers ${answer.statusCode} to a WebSocket`))
      socket.on('error', (error) => failed(error.message, error))
      socket.on('close', (_, reason) => failed(String(reason) || 'the connection was closed'))
    })
  } finally {
    call.signal?.removeEventListener('abort', end)
    socket.terminate()
  }
}
