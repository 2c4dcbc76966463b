import type { Hono } from 'hono'
import { toMillis } from '../backends/time.ts'
import { errorOf, type Trace } from '../backends/trace.ts'
import { meantOfTempo, withMeant } from '../diagnosis/meant.ts'
import { whyNoTraces } from '../diagnosis/why-empty.ts'
import type { FoundTrace, Span, TraceAnswer, TracesAnswer, Values } from './answers.ts'
import { numberParam, queryParam, wantsAdvice, windowParam } from './params.ts'
import type { PageParts } from './parts.ts'

export function addTraceRoutes(app: Hono, { backends }: PageParts): void {
  app.get('/api/traces', async (c) => {
    const [query, window, { tempo }] = [queryParam(c), windowParam(c), await backends()]
    const limit = numberParam(c, 'limit', { least: 1, most: 500, or: 100 })
    const { signal } = c.req.raw
    const found = await withMeant(
      () => tempo.search(query, { window, limit, signal }),
      () => meantOfTempo(tempo, query, { window, signal }),
      'tempo',
    )
    const traces: FoundTrace[] = found.map((one) => {
      const counts = Object.values(one.services)
      return {
        traceId: one.traceId,
        service: one.rootService,
        name: one.rootName,
        start: toMillis(one.startNs),
        duration: one.durationMs,
        spans: counts.reduce((sum, { spanCount }) => sum + spanCount, 0),
        errors: counts.reduce((sum, { errorCount }) => sum + errorCount, 0),
      }
    })
    const asked = { window, signal: c.req.raw.signal, metrics: false }
    const advice = wantsAdvice(c) && traces.length === 0 ? { advice: await whyNoTraces(tempo, query, asked) } : {}
    return c.json({ traces: traces.sort((a, b) => a.start - b.start), ...advice } satisfies TracesAnswer)
  })

  app.get('/api/traces/:id', async (c) => {
    const trace = await (await backends()).tempo.traceById(c.req.param('id'), { signal: c.req.raw.signal })
    if (trace === undefined) return c.json({ error: { message: 'Tempo has no span of this trace (yet)' } }, 404)
    return c.json(traceAnswer(trace))
  })

  app.get('/api/tags', async (c) => c.json(await (await backends()).tempo.tags()))
  app.get('/api/tags/:name', async (c) => {
    return c.json((await (await backends()).tempo.tagValues(c.req.param('name'))).slice(0, 1000))
  })
}

/** Its spans are in order of their start. */
export function traceAnswer({ traceId, spans }: Trace): TraceAnswer {
  const first = spans[0]!.startNs
  const resources = new Map<object, number>()
  const after = (ns: bigint) => Number(ns - first) / 1e6
  const answer = spans.map((span): Span => {
    if (!resources.has(span.resource)) resources.set(span.resource, resources.size)
    const problem = errorOf(span)
    return {
      id: span.spanId,
      ...(span.parentSpanId === undefined ? {} : { parent: span.parentSpanId }),
      name: span.name,
      service: String(span.resource['service.name'] ?? ''),
      kind: span.kind,
      start: after(span.startNs),
      duration: Number(span.endNs - span.startNs) / 1e6,
      status: span.status.code,
      ...(problem === '' ? {} : { problem }),
      attributes: plain(span.attributes),
      events: span.events.map(({ name, timeNs, attributes }) => ({
        name,
        at: after(timeNs),
        attributes: plain(attributes),
      })),
      links: span.links.map((link) => ({ traceId: link.traceId, spanId: link.spanId })),
      resource: resources.get(span.resource)!,
      scope: span.scope.name,
    }
  })
  return { traceId, start: toMillis(first), resources: [...resources.keys()].map(plain), spans: answer }
}

/** JSON has no integers past 2^53: those are told as text. */
function plain(attributes: object): Values {
  return JSON.parse(JSON.stringify(attributes, (_, value) => (typeof value === 'bigint' ? String(value) : value)))
}
