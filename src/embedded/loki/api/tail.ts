import { upgradeWebSocket } from '@hono/node-server'
import type { Context, Hono } from 'hono'
import type { WSContext } from 'hono/ws'
import { HttpRefusal } from '../../http.ts'
import { groupLines } from '../logql/group-lines.ts'
import type { Query } from '../logql/logql.ts'
import type { ResultLine } from '../logql/results.ts'
import type { Labels } from '../logql/source.ts'
import type { Commit } from '../store.ts'
import { streamsValue } from './answers.ts'
import { checkpointFor, checkQuery } from './guard.ts'
import { boundsParam, intParam, limitParam, type Params, refuse } from './params.ts'
import type { AppParts } from './parts.ts'
import { paramsOf, wantsCategories } from './query.ts'

/** Loki's maxEntriesPerTailResponse. */
const BATCH = 100
/** New lines are gathered for so long before they are sent. */
const GATHER_MS = 100
const PING_MS = 1000
/** A reader that is so far behind has lines dropped; it is told of these many. */
const MAX_WAITING = 10_000
const MAX_DROPPED = 1000

interface TailRequest {
  query: Query
  limit: number
  startNanos: bigint
  nowNanos: bigint
  delayMs: number
  categorized: boolean
}

/** /loki/api/v1/tail: what is there, and then what comes, over a WebSocket. */
export function addTailRoutes(app: Hono, parts: AppParts): void {
  let open = 0
  const requests = new WeakMap<Request, TailRequest>()
  app.get(
    '/loki/api/v1/tail',
    async (c, next) => {
      requests.set(c.req.raw, readRequest(await paramsOf(c, parts.now), c, parts))
      if (c.req.header('upgrade')?.toLowerCase() !== 'websocket') refuse('Bad Request')
      await next()
    },
    upgradeWebSocket((c) => {
      const request = requests.get(c.req.raw)!
      let stop = () => {}
      return {
        onOpen(_, socket) {
          const max = parts.limits.maxConcurrentTails
          if (open >= max) {
            socket.close(1011, `max concurrent tail requests limit exceeded, count > limit (${open + 1} > ${max})`)
            return
          }
          open++
          parts.log('info', 'starting to tail logs', { tenant: 'fake', selectors: request.query.text })
          const end = tail(request, parts, socket, c.req.raw.signal)
          stop = () => {
            stop = () => {}
            open--
            end()
            parts.log('info', 'ended tailing logs', { tenant: 'fake', selectors: request.query.text })
          }
        },
        onClose: () => stop(),
        onError: () => stop(),
      }
    }),
  )
}

function readRequest(params: Params, c: Context, { logql, limits }: AppParts): TailRequest {
  const query = logql.parse(params.query)
  if (query.kind !== 'logs') refuse('only log queries are supported for tailing')
  const limit = limitParam(params)
  const { startNanos } = boundsParam(params)
  const delay = intParam(params, 'delay_for', 0)
  if (delay < 0) refuse(`delay_for value ${delay} is out of range [0, ${0xffffffff}]`)
  if (delay > 5) refuse("delay_for can't be greater than 5")
  const { nowNanos } = params
  const bounds = checkQuery(query, { startNanos, endNanos: nowNanos }, limit, limits, nowNanos)
  const categorized = wantsCategories(c.req.header('x-loki-response-encoding-flags'))
  return { query, limit, startNanos: bounds.startNanos, nowNanos, delayMs: delay * 1000, categorized }
}

/** Returns what ends it. */
function tail(request: TailRequest, parts: AppParts, socket: WSContext, signal: AbortSignal): () => void {
  const { query, categorized, delayMs } = request
  const { logql, store, now } = parts
  const pipeline = logql.pipeline(query)
  const perStream = new Map<Labels, ReturnType<typeof pipeline.forStream>>()
  let waiting: { line: ResultLine; at: number }[] = []
  let dropped: ResultLine[] = []
  let ready = false
  let ended = false

  const send = (lines: ResultLine[]) => {
    const lost = dropped
    dropped = []
    const message = {
      streams: streamsValue(groupLines(lines, categorized), categorized),
      ...(lost.length > 0
        ? { dropped_entries: lost.map((l) => ({ timestamp: String(l.nanos), labels: Object.fromEntries(l.stream) })) }
        : {}),
      ...(categorized ? { encodingFlags: ['categorize-labels'] } : {}),
    }
    socket.send(JSON.stringify(message))
  }
  /** Bytes that the other side has not taken yet. */
  const backlog = () => (socket.raw as { bufferedAmount?: number } | undefined)?.bufferedAmount ?? 0

  const flush = () => {
    if (!ready || ended || backlog() > 1 << 20) return
    const due = now() - delayMs
    let count = 0
    while (count < waiting.length && count < MAX_WAITING && waiting[count]!.at <= due) count++
    const lines = waiting.slice(0, count).map(({ line }) => line)
    waiting = waiting.slice(count)
    for (let i = 0; i < lines.length; i += BATCH) send(lines.slice(i, i + BATCH))
  }
  const take = (commits: readonly Commit[]) => {
    for (const { stream, entries } of commits) {
      const { labels } = stream
      if (!pipeline.matchers.every((m) => m.matches(labels.find(([name]) => name === m.name)?.[1] ?? ''))) continue
      let process = perStream.get(labels)
      if (process === undefined) {
        process = pipeline.forStream(labels)
        perStream.set(labels, process)
      }
      for (const entry of entries) {
        const line = process(entry)
        if (line === undefined) continue
        if (waiting.length < MAX_WAITING) waiting.push({ line, at: now() })
        else if (dropped.length < MAX_DROPPED) dropped.push(line)
      }
    }
  }

  // Listen first: what arrives while the past is read must not fall between.
  const unlisten = store.listen(take)
  const timers = [
    setInterval(flush, GATHER_MS),
    setInterval(() => (socket.raw as { ping?: () => void } | undefined)?.ping?.(), PING_MS),
  ]
  const end = () => {
    ended = true
    unlisten()
    for (const timer of timers) clearInterval(timer)
  }
  const history = async () => {
    const { startNanos, nowNanos: endNanos, limit } = request
    const checkpoint = checkpointFor(signal, parts.limits)
    const range = { query, source: store, limit, direction: 'backward' as const, startNanos, endNanos, stepNanos: 1n }
    const result = await logql.range({ ...range, checkpoint })
    if (ended) return
    const lines = result.type === 'streams' ? result.lines : []
    for (let i = lines.length; i > 0; i -= BATCH) send(lines.slice(Math.max(0, i - BATCH), i).reverse())
    ready = true
  }
  history().catch((error: Error) => {
    end()
    socket.close(1011, (error instanceof HttpRefusal ? error.message : String(error.message)).slice(0, 120))
  })
  return end
}
