import { type Context, Hono } from 'hono'
import { answerRefusalsAsText, HttpRefusal } from '../../http.ts'
import { queryInstantResponse, queryRangeResponse } from './metrics.ts'
import { metricsPage } from './own-metrics.ts'
import { pace } from './pace.ts'
import { clampedWindow } from './params.ts'
import type { AppParts } from './parts.ts'
import { searchResponse } from './search.ts'
import { type TagRequest, tagsResponse, tagsV2Response, tagValuesResponse, tagValuesV2Response } from './tags.ts'
import { checkTraceParams, readTraceId, traceResponse, traceV2Response } from './trace-by-id.ts'

/** The Tempo that this one follows. */
export const VERSION = '3.0.3'

/** Tempo's HTTP API on 3200. */
export function tempoApp(parts: AppParts): Hono {
  const app = new Hono()
  answerRefusalsAsText(app)
  app.get('/ready', (c) => (parts.ready() ? c.text('ready\n') : c.text('Ingester not ready: starting\n', 503)))
  app.get('/api/echo', (c) => c.text('echo'))
  app.get('/api/status/buildinfo', (c) =>
    c.json({ version: VERSION, revision: 'otel-lab', branch: 'embedded', buildUser: '', buildDate: '', goVersion: '' }),
  )
  const status: Record<string, () => string> = {
    version: () => `tempo, version ${VERSION} (embedded in otel-lab)\n`,
    services: () => `tempo: ${parts.ready() ? 'Running' : 'Starting'}\n`,
    endpoints: () => `${app.routes.map(({ method, path }) => `${method} ${path}`).join('\n')}\n`,
    config: () => parts.configText,
    overrides: () => `# no tenant has overrides of its own; the defaults:\n${sectionOf(parts.configText, 'overrides')}`,
  }
  app.get('/status', (c) =>
    c.text(Object.entries(status).reduce((text, [name, say]) => `${text}GET /status/${name}\n${say()}\n`, '')),
  )
  app.get('/metrics', (c) => c.text(metricsPage(parts, VERSION)))
  for (const [name, say] of Object.entries(status)) app.get(`/status/${name}`, (c) => c.text(say()))
  const found = (c: Context) => {
    const id = readTraceId(c.req.param('id') ?? '')
    checkTraceParams(new URL(c.req.url).searchParams)
    return parts.find(id)
  }
  app.get('/api/traces/:id', async (c) => traceResponse(await found(c), wantsProtobuf(c)))
  app.get('/api/v2/traces/:id', async (c) => traceV2Response(await found(c), wantsProtobuf(c)))
  const json = (path: string, answer: (params: URLSearchParams, c: Context) => Promise<object>) =>
    app.get(path, async (c) => c.json(await answer(new URL(c.req.url).searchParams, c)))
  json('/api/search', (params) => searchResponse(params, parts.source, parts.parse, parts.settings, parts.now()))
  const tags = (params: URLSearchParams): TagRequest => {
    const { queryBackendAfter, queryEndCutoff } = parts.settings
    const window = clampedWindow(params, parts.now(), queryBackendAfter, queryEndCutoff)
    return { source: parts.source, parse: parts.parse, window, params, check: pace(parts.settings.timeout) }
  }
  json('/api/search/tags', (params) => tagsResponse(tags(params)))
  json('/api/v2/search/tags', (params) => tagsV2Response(tags(params)))
  // A tag's name may hold slashes.
  json('/api/search/tag/:name{.+}/values', (params, c) => tagValuesResponse(tagName(c), tags(params)))
  json('/api/v2/search/tag/:name{.+}/values', (params, c) => tagValuesV2Response(tagName(c), tags(params)))
  json('/api/metrics/query_range', (params) => queryRangeResponse(params, parts))
  json('/api/metrics/query', (params) => queryInstantResponse(params, parts))
  app.notFound((c) => c.text('404 page not found\n', 404))
  return app
}

/** A section of a config as it is written. */
function sectionOf(config: string, name: string): string {
  return new RegExp(`^${name}:.*\\n(?:(?:[ \\t#].*)?\\n)*`, 'm').exec(`${config}\n`)?.[0] ?? `${name}: {}\n`
}

function tagName(c: Context): string {
  const name = c.req.param('name') ?? ''
  if (name === '') throw new HttpRefusal(400, 'please provide a non-empty tagName')
  return name
}

const wantsProtobuf = (c: Context) => (c.req.header('accept') ?? '').includes('application/protobuf')
