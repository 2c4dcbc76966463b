import type { Hono } from 'hono'
import { streamSSE } from 'hono/streaming'
import { type JsonStream, readStreams } from '../backends/loki-streams.ts'
import { toNanos } from '../backends/time.ts'
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
    asked.searchParams.set('start', String(toNanos(parts.now() - 1000)))
    return streamSSE(c, async (stream) => {
      const socket = new WebSocket(asked, {
        headers: { ...headers, 'x-loki-response-encoding-flags': 'categorize-labels' },
      })
      const tell = (event: string, data: unknown) =>
        void stream.writeSSE({ event, data: JSON.stringify(data) }).catch(() => {})
      stream.onAbort(() => socket.close())
      await new Promise<void>((done) => {
        socket.on('message', (message) => {
          const { streams = [] } = JSON.parse(String(message)) as { streams?: JsonStream[] }
          if (streams.length > 0) tell('lines', { ...logsAnswer(readStreams(streams)), more: false })
        })
        socket.on('error', (error) => tell('fault', { message: `Loki's tail: ${error.message}` }))
        socket.on('close', () => done())
      })
    })
  })
}
