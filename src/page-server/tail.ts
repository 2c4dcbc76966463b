import type { IncomingMessage } from 'node:http'
import { upgradeWebSocket } from '@hono/node-server'
import type { Hono } from 'hono'
import { type JsonStream, readStreams } from '../backends/loki-streams.ts'
import { toNanos } from '../backends/time.ts'
import { logsAnswer } from './logs.ts'
import { queryParam } from './params.ts'
import type { PageParts } from './parts.ts'
import { tellerOf } from './teller.ts'

/** What was said while nobody listened: as many as the page holds. */
const MISSED = 5000
const MAX_REASON = 1000

/** Loki's live tail, passed on: the browser needs neither its address nor its headers. */
export function addTailRoutes(app: Hono, parts: PageParts): void {
  app.get(
    '/api/tail',
    async (c, next) => {
      queryParam(c)
      await next()
    },
    upgradeWebSocket(async (c) => {
      const { url, headers = {} } = (await parts.engine.endpoints()).loki
      const { WebSocket } = await import('ws')
      const asked = new URL(`${url.replace(/^http/, 'ws')}/loki/api/v1/tail`)
      // A browser that lost us (Loki itself ends a tail after an hour) says what it had last.
      const since = c.req.query('since') ?? ''
      const start = /^\d{1,19}$/.test(since) ? since : String(toNanos(parts.now() - 1000))
      asked.search = String(new URLSearchParams({ query: queryParam(c), start, limit: String(MISSED) }))
      let end = () => {}
      return {
        onOpen(_, socket) {
          const teller = tellerOf(socket, parts.now)
          const loki = new WebSocket(asked, {
            headers: { ...headers, 'x-loki-response-encoding-flags': 'categorize-labels' },
          })
          const fault = (why: string) => teller.tell('fault', JSON.stringify({ message: `Loki's tail: ${why}` }))
          end = () => {
            end = () => {}
            teller.end()
            loki.terminate()
            socket.close()
          }
          loki.on('message', (message) => {
            const { streams = [] } = JSON.parse(String(message)) as { streams?: JsonStream[] }
            const answer = logsAnswer(readStreams(streams))
            if (answer.lines.length > 0) teller.tell('lines', JSON.stringify({ ...answer, more: false }))
          })
          loki.on('unexpected-response', async (_request, response) => {
            fault((await textOf(response)) || `${response.statusCode} ${response.statusMessage}`)
            end()
          })
          loki.on('error', (error) => fault(error.message))
          loki.on('close', () => end())
        },
        onClose: () => end(),
      }
    }),
  )
}

async function textOf(response: IncomingMessage): Promise<string> {
  let text = ''
  response.setEncoding('utf8')
  for await (const chunk of response) {
    text += chunk
    if (text.length > MAX_REASON) break
  }
  return text.slice(0, MAX_REASON).trim()
}
