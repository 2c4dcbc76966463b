import type { Hono } from 'hono'
import type { GrpcMethod } from '../../grpc/server.ts'
import { GRPC_STATUS, GrpcRefusal } from '../../grpc/status.ts'
import { decodeRequest, encodeMessage, type Message } from './tempopb.ts'

interface Call {
  request: Message
  response: Message
  /** The same question over HTTP. */
  path(
    fields: Record<string, string>,
    tags: [string, string][],
  ): [path: string, params: Record<string, string | undefined>]
}

const tagPath =
  (version: string) =>
  (f: Record<string, string>): ReturnType<Call['path']> => [
    `/api${version}/search/tag/${encodeURIComponent(f.tagName ?? '')}/values`,
    { q: f.query, start: f.start, end: f.end },
  ]
const tagsPath =
  (version: string) =>
  (f: Record<string, string>): ReturnType<Call['path']> => [
    `/api${version}/search/tags`,
    { q: f.query, start: f.start, end: f.end, scope: f.scope },
  ]
const ms = (text?: string) => text && `${text}ms`

const CALLS: Record<string, Call> = {
  Search: {
    request: 'SearchRequest',
    response: 'SearchResponse',
    path: (f, tags) => [
      '/api/search',
      {
        q: f.query,
        tags: tags.map(([key, value]) => `${key}=${JSON.stringify(value)}`).join(' '),
        start: f.start,
        end: f.end,
        limit: f.limit,
        spss: f.spansPerSpanSet,
        minDuration: ms(f.minDurationMs),
        maxDuration: ms(f.maxDurationMs),
      },
    ],
  },
  SearchTags: { request: 'SearchTagsRequest', response: 'SearchTagsResponse', path: tagsPath('') },
  SearchTagsV2: { request: 'SearchTagsRequest', response: 'SearchTagsV2Response', path: tagsPath('/v2') },
  SearchTagValues: { request: 'SearchTagValuesRequest', response: 'SearchTagValuesResponse', path: tagPath('') },
  SearchTagValuesV2: { request: 'SearchTagValuesRequest', response: 'SearchTagValuesV2Response', path: tagPath('/v2') },
  MetricsQueryRange: {
    request: 'QueryRangeRequest',
    response: 'QueryRangeResponse',
    path: (f) => [
      '/api/metrics/query_range',
      { q: f.query, start: f.start, end: f.end, step: f.step && `${f.step}ns`, exemplars: f.exemplars },
    ],
  },
  MetricsQueryInstant: {
    request: 'QueryInstantRequest',
    response: 'QueryInstantResponse',
    path: (f) => ['/api/metrics/query', { q: f.query, start: f.start, end: f.end }],
  },
}

/**
 * tempopb.StreamingQuerier on the HTTP port, which Grafana asks where streaming is on. Each call is answered by what
 * the same question over HTTP is, in one message: here there is nothing to wait for in between.
 */
export function streamingMethods(app: Hono): Map<string, GrpcMethod> {
  return new Map(
    Object.entries(CALLS).map(([name, { request, response, path }]) => [
      `/tempopb.StreamingQuerier/${name}`,
      async ({ message }) => {
        const { fields, tags } = decodeRequest(request, message)
        const [at, params] = path(fields, tags)
        const given = Object.entries(params).filter((pair): pair is [string, string] => !!pair[1] && pair[1] !== '0')
        const answer = await app.request(`${at}?${new URLSearchParams(given)}`)
        if (answer.ok) return encodeMessage(response, await answer.json())
        const code = answer.status < 500 ? GRPC_STATUS.INVALID_ARGUMENT : GRPC_STATUS.INTERNAL
        throw new GrpcRefusal(code, (await answer.text()).trim())
      },
    ]),
  )
}
