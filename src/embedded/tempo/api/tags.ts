import { table } from '../../../util/table.ts'
import { HttpRefusal } from '../../http.ts'
import { type Attribute, attribute, KIND, STATUS, type Static } from '../traceql/ast.ts'
import { requestOf } from '../traceql/evaluate/conditions.ts'
import { Fetcher } from '../traceql/evaluate/fetch.ts'
import { staticKey } from '../traceql/evaluate/pipeline.ts'
import type { Parse } from '../traceql/parse.ts'
import { staticText } from '../traceql/print.ts'
import type { Attributes, Span, TraceSource } from '../traceql/source.ts'
import { type SpanVisitor, spansOf } from './filter.ts'
import type { Pace } from './pace.ts'

const SCOPES = ['event', 'instrumentation', 'link', 'resource', 'span'] as const
type TagScope = (typeof SCOPES)[number]

/** What Tempo offers for completion. */
const INTRINSICS = `duration name status statusMessage kind rootServiceName rootName traceDuration event:name
  event:timeSinceStart link:spanID link:traceID instrumentation:name instrumentation:version trace:id span:id
  span:parentID span:status span:statusMessage span:duration span:name span:kind trace:rootName trace:rootService
  trace:duration`.split(/\s+/)

/** More distinct values than this are not listed. */
const MAX_VALUES = 100_000

export interface TagRequest {
  source: TraceSource
  parse: Parse
  window: { startNanos: bigint; endNanos: bigint }
  params: URLSearchParams
  check: Pace
}

const spans = ({ source, parse, window, params, check }: TagRequest): SpanVisitor =>
  spansOf(source, window, params.get('q') ?? '', parse, check)

/** Tag names by scope. Throws HttpRefusal for a scope that there is none of. */
async function namesByScope(request: TagRequest): Promise<Map<TagScope, Set<string>>> {
  const { params } = request
  const scope = params.get('scope') ?? ''
  const known = ['', 'none', 'intrinsic', 'trace', ...SCOPES]
  if (!known.includes(scope)) throw new HttpRefusal(400, `invalid scope: ${scope}`)
  const names = new Map<TagScope, Set<string>>()
  const wanted = SCOPES.filter((s) => scope === '' || scope === 'none' || scope === s)
  if (wanted.length === 0) return names
  const collect = (to: TagScope, from: Attributes) => {
    if (!wanted.includes(to)) return
    const set = names.get(to) ?? new Set()
    for (const [key] of from.entries()) set.add(key)
    if (set.size > 0) names.set(to, set)
  }
  // Many spans share these.
  const seen = new Set<unknown>()
  const once = (item: object, work: () => void) => {
    if (!seen.has(item)) work()
    seen.add(item)
  }
  await spans(request)((span) => {
    collect('span', span.attributes)
    for (const event of span.events) collect('event', event.attributes)
    for (const link of span.links) collect('link', link.attributes)
    once(span.instrumentation, () => collect('instrumentation', span.instrumentation.attributes))
    once(span.resource, () => {
      collect('resource', span.resource.attributes)
      if (span.resource.serviceName !== '' && wanted.includes('resource')) {
        names.set('resource', (names.get('resource') ?? new Set()).add('service.name'))
      }
    })
  })
  return names
}

/** GET /api/search/tags */
export async function tagsResponse(request: TagRequest): Promise<object> {
  if (request.params.get('scope') === 'intrinsic') return { tagNames: [...INTRINSICS].sort(), metrics: {} }
  const names = new Set([...(await namesByScope(request)).values()].flatMap((set) => [...set]))
  return { tagNames: [...names].sort(), metrics: {} }
}

/** GET /api/v2/search/tags */
export async function tagsV2Response(request: TagRequest): Promise<object> {
  const scope = request.params.get('scope') ?? ''
  const scopes = [...(await namesByScope(request))].map(([name, tags]) => ({
    name: name as string,
    tags: [...tags].sort(),
  }))
  if (scope === '' || scope === 'none' || scope === 'intrinsic') {
    scopes.push({ name: 'intrinsic', tags: [...INTRINSICS].sort() })
  }
  return { scopes, metrics: {} }
}

/** An attribute as it stands in a query; undefined when it does not read as one. */
function identifier(text: string, parse: Parse): Attribute | undefined {
  try {
    const [filter] = parse(`{${text}}`).pipeline.elements
    return filter?.node === 'filter' && filter.expression.node === 'attribute' ? filter.expression : undefined
  } catch {
    return undefined
  }
}

async function distinct(tag: Attribute, visit: SpanVisitor): Promise<Static[]> {
  const values = new Map<string, Static>()
  const collect = (value: Static) => {
    if (value.type === 'nil' || (value.type === 'string' && value.value === '' && tag.name === 'service.name')) return
    if (values.size < MAX_VALUES) values.set(staticKey(value), value)
  }
  const request = requestOf({
    node: 'pipeline',
    elements: [{ node: 'filter', expression: { node: 'unary', op: 'exists', expression: tag } }],
  })
  const fetcher = new Fetcher(request.conditions, request.all, new Map())
  await visit((span: Span, trace) => {
    // Not spread: a stored trace is a view, and has getters.
    const { id, startNanos, endNanos, rootName, rootServiceName, serviceStats } = trace
    const one = { id, startNanos, endNanos, rootName, rootServiceName, serviceStats, spans: [span] }
    for (const fetched of fetcher.fetch(one)) {
      for (const list of fetched.lists()) for (const [, value] of list) collect(value)
    }
  })
  return [...values.values()]
}

/** GET /api/search/tag/X/values */
export async function tagValuesResponse(name: string, request: TagRequest): Promise<object> {
  const virtual = table<string[]>({ 'status.code': ['unset', 'ok', 'error'], error: ['true'] })
  const tag = identifier(name, request.parse) ?? attribute('none', name)
  const found = virtual[name] ?? (await distinct(tag, spans(request))).map(staticText)
  return { tagValues: [...new Set(found)].sort(), metrics: {} }
}

/** GET /api/v2/search/tag/X/values. Throws HttpRefusal when X is no attribute. */
export async function tagValuesV2Response(name: string, request: TagRequest): Promise<object> {
  const tag = identifier(name, request.parse)
  if (tag === undefined) {
    throw new HttpRefusal(400, `please provide a valid tagName: failed to parse identifier ${name}`)
  }
  return { tagValues: virtualValues(tag) ?? (await values()), metrics: {} }

  async function values(): Promise<object[]> {
    const found = await distinct(tag!, spans(request))
    return found.map((s) => ({ type: typeName(s), value: staticText(s) })).sort((a, b) => (a.value < b.value ? -1 : 1))
  }
}

/** The values of these are known, or too many to be of use. */
function virtualValues({ intrinsic }: Attribute): object[] | undefined {
  if (intrinsic === 'duration' || intrinsic === 'traceDuration') return []
  const words = intrinsic === 'status' ? STATUS : intrinsic === 'kind' ? KIND : undefined
  return words?.map((value) => ({ type: 'keyword', value }))
}

function typeName({ type }: Static): string {
  return type === 'status' || type === 'kind' ? 'keyword' : type
}
