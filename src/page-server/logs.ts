import type { Hono } from 'hono'
import type { LogRangeOptions, LokiClient } from '../backends/loki.ts'
import { type LogStream, logRows } from '../backends/loki-streams.ts'
import { toMillis, type Window } from '../backends/time.ts'
import { meantOfLoki, withMeant } from '../diagnosis/meant.ts'
import { whyNoLines } from '../diagnosis/why-empty.ts'
import { EXIT, LabError } from '../errors.ts'
import type { Labels, LogLine, LogsAnswer } from './answers.ts'
import { numberParam, queryParam, wantsAdvice, windowParam } from './params.ts'
import type { PageParts } from './parts.ts'

/** Loki's own max_entries_limit_per_query. */
const MAX_LINES = 5000

export function addLogRoutes(app: Hono, { backends }: PageParts): void {
  app.get('/api/logs', async (c) => {
    const [query, window, { loki }] = [queryParam(c), windowParam(c), await backends()]
    const limit = numberParam(c, 'limit', { least: 1, most: MAX_LINES, or: 1000 })
    const direction = c.req.query('direction') === 'forward' ? ('forward' as const) : ('backward' as const)
    const { signal } = c.req.raw
    const found = await withMeant(
      () => linesOf(loki, query, window, { limit, direction, signal }),
      () => meantOfLoki(loki, query, { window, signal }),
      'loki',
    )
    // Lines of one moment come the other way round too.
    const inOrder =
      direction === 'forward' ? found : found.map((one) => ({ ...one, entries: [...one.entries].reverse() }))
    const answer = logsAnswer(inOrder)
    const why =
      wantsAdvice(c) &&
      answer.lines.length === 0 &&
      (await whyNoLines(loki, query, { window, signal: c.req.raw.signal }))
    const advice = why ? { advice: why } : {}
    return c.json({ ...answer, more: answer.lines.length >= limit, ...advice } satisfies LogsAnswer)
  })

  app.get('/api/logs/labels', async (c) => c.json(await (await backends()).loki.labels()))
  app.get('/api/logs/labels/:name', async (c) => {
    return c.json((await (await backends()).loki.labelValues(c.req.param('name'))).slice(0, 1000))
  })
}

/** A query that counts has an answer too, and it is no line. */
async function linesOf(
  loki: LokiClient,
  query: string,
  window: Window,
  options: LogRangeOptions,
): Promise<readonly LogStream[]> {
  const found = await loki.queryRange(query, window, options)
  if (found.type === 'streams') return found.streams
  throw new LabError('usage', 'this query counts: its answer is numbers, not lines', {
    hint: `otel-lab query loki '${query.replaceAll("'", `'\\''`)}'`,
    exit: EXIT.usage,
  })
}

export function logsAnswer(found: readonly LogStream[]): Pick<LogsAnswer, 'streams' | 'lines'> {
  const streams = new Map<Labels, number>()
  const lines = logRows(found).map(({ ns, line, metadata, parsed, labels }): LogLine => {
    if (!streams.has(labels)) streams.set(labels, streams.size)
    const stream = streams.get(labels)!
    const more = Object.keys(parsed).length > 0 ? { parsed } : {}
    return { ns: String(ns), time: toMillis(ns), line, stream, metadata, ...more }
  })
  return { streams: [...streams.keys()], lines }
}
