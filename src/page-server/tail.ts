import type { Hono } from 'hono'
import { streamSSE } from 'hono/streaming'
import { type JsonStream, readStreams } from '../backends/loki-streams.ts'
import { toNanos } from '../backends/time.ts'
import { PING_MS } from './live.ts'
import { logsAnswer } from './logs.ts'
import { queryParam } from './params.ts'
import type { PageParts } from './parts.ts'

/** Loki's live tail, passed on as events: the browser needs neither its address nor its headers. */
export function addTailRoutes(app: Hono, parts: PageParts): void {
  app.get('/api/tail', async (c) => {
    const query = queryParam(c)
    const { url, headers = {} } = (await parts.engine.endpoints()).loki
    const { WebSocket } = await import('ws')
    const asked = new URL(`${url.replace(/^http/, 'ws')}/loki/api/v1/tail`)
    asked.searchParams.set('query', query)
    // A browser that lost us (Loki itself ends a tail after an hour) says what it had last.
    const last = c.req.header('last-event-id') ?? ''
    asked.searchParams.set('start', /^\d{1,19}$/.test(last) ? last : String(toNanos(parts.now() - 1000)))
    return streamSSE(c, async (stream) => {
      const socket = new WebSocket(asked, {
        headers: { ...headers, 'x-loki-response-encoding-flags': 'categorize-labels' },
      })
      const tell = (event: string, data: unknown, id?: string) =>
        void stream.writeSSE({ event, data: JSON.stringify(data), ...(id ? { id } : {}) }).catch(() => {})
      const ping = setInterval(() => tell('ping', parts.now()), PING_MS)
      stream.onAbort(() => socket.close())
      await new Promise<void>((done) => {
        socket.on('message', (message) => {
          const { streams = [] } = JSON.parse(String(message)) as { streams?: JsonStream[] }
          const answer = logsAnswer(readStreams(streams))
          if (answer.lines.length > 0) tell('lines', { ...answer, more: false }, answer.lines.at(-1)?.ns)
        })
        socket.on('error', (error) => tell('fault', { message: `Loki's tail: ${error.message}` }))
        socket.on('close', () => done())
      })
      clearInterval(ping)
    })
  })
}
