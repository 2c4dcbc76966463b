import { staticKey } from '../../traceql/evaluate/pipeline.ts'
import type { Trace } from '../../traceql/source.ts'
import { KINDS, STATUSES } from '../view.ts'
import { type Columns, HAS_PARENT } from './columns.ts'
import { Dictionary } from './dictionary.ts'
import { bytes, type Growing, nanos, numbers, signed } from './growing.ts'
import { StoredList } from './stored-list.ts'

/** Lays traces out in columns. */
export class BlockBuilder {
  readonly #strings = new Dictionary<string>()
  readonly #keys = new Dictionary<string>()
  readonly #values: Columns['values'] = new Dictionary()
  readonly #resourceKeys = new Dictionary<Columns['resources'][number]>()
  readonly #scopeKeys = new Dictionary<Columns['scopes'][number]>()
  readonly #traceIds: string[] = []
  readonly #serviceStats: Columns['serviceStats'] = []
  readonly #statsByKey = new Map<string, Trace['serviceStats']>()
  readonly #events: Columns['events'] = new Map()
  readonly #links: Columns['links'] = new Map()
  readonly #eight = Buffer.alloc(8)
  #last: {
    resource?: Trace['spans'][number]['resource']
    resourceAt: number
    scope?: Trace['spans'][number]['instrumentation']
    scopeAt: number
  } = { resourceAt: 0, scopeAt: 0 }
  readonly #columns = {
    traceStart: nanos(),
    traceEnd: nanos(),
    rootName: numbers(),
    rootService: numbers(),
    firstSpan: numbers(),
    spanIds: bytes(),
    parentIds: bytes(),
    flags: bytes(),
    name: numbers(),
    statusMessage: numbers(),
    start: nanos(),
    duration: nanos(),
    left: signed(),
    right: signed(),
    parentLeft: signed(),
    childCount: signed(),
    resource: numbers(),
    scope: numbers(),
    firstAttribute: numbers(),
    attributeKey: numbers(),
    attributeValue: numbers(),
  }

  get spanCount(): number {
    return this.#columns.flags.length
  }

  add(trace: Trace): void {
    const c = this.#columns
    this.#traceIds.push(trace.id)
    c.traceStart.push(trace.startNanos)
    c.traceEnd.push(trace.endNanos)
    c.rootName.push(this.#string(trace.rootName))
    c.rootService.push(this.#string(trace.rootServiceName))
    c.firstSpan.push(this.spanCount)
    this.#serviceStats.push(this.#stats(trace.serviceStats))
    for (const span of trace.spans) this.#span(span)
  }

  build(): Columns {
    const c = this.#columns
    c.firstSpan.push(this.spanCount)
    c.firstAttribute.push(c.attributeKey.length)
    const finished = Object.fromEntries(Object.entries(c).map(([name, column]) => [name, column.finish()]))
    return {
      ...(finished as { [K in keyof typeof c]: ReturnType<(typeof c)[K]['finish']> }),
      traceIds: this.#traceIds,
      serviceStats: this.#serviceStats,
      events: this.#events,
      links: this.#links,
      strings: this.#strings,
      keys: this.#keys,
      values: this.#values,
      resources: this.#resourceKeys.values,
      scopes: this.#scopeKeys.values,
    }
  }

  /** Traces of one program are much alike. */
  #stats(stats: Trace['serviceStats']): Trace['serviceStats'] {
    const key = [...stats].map(([name, { spanCount, errorCount }]) => `${spanCount} ${errorCount} ${name}`).join('\n')
    const known = this.#statsByKey.get(key)
    if (known === undefined) this.#statsByKey.set(key, stats)
    return known ?? stats
  }

  #string(text: string): number {
    return this.#strings.add(text, () => text)
  }

  #span(span: Trace['spans'][number]): void {
    const c = this.#columns
    const index = this.spanCount
    this.#id(c.spanIds, span.id)
    this.#id(c.parentIds, span.parentId)
    const parent = span.parentId === '' ? 0 : HAS_PARENT
    c.flags.push(KINDS.indexOf(span.kind) | (STATUSES.indexOf(span.status) << 3) | parent)
    c.name.push(this.#string(span.name))
    c.statusMessage.push(this.#string(span.statusMessage))
    c.start.push(span.startNanos)
    c.duration.push(span.durationNanos)
    c.left.push(span.left)
    c.right.push(span.right)
    c.parentLeft.push(span.parentLeft)
    c.childCount.push(span.childCount)
    c.resource.push(this.#resource(span.resource))
    c.scope.push(this.#scope(span.instrumentation))
    c.firstAttribute.push(c.attributeKey.length)
    for (const [key, value] of span.attributes.entries()) {
      c.attributeKey.push(this.#keys.add(key, () => key))
      c.attributeValue.push(this.#values.add(staticKey(value), () => value))
    }
    const { events, links } = span
    if (events.length > 0) {
      this.#events.set(
        index,
        events.map((e) => ({ ...e, attributes: StoredList.of(e.attributes) })),
      )
    }
    if (links.length > 0)
      this.#links.set(
        index,
        links.map((l) => ({ ...l, attributes: StoredList.of(l.attributes) })),
      )
  }

  /** Eight bytes; zeros where there is none. */
  #id(column: Growing<Uint8Array>, id: string): void {
    if (id === '') this.#eight.fill(0)
    else this.#eight.write(id, 'hex')
    for (const byte of this.#eight) column.push(byte)
  }

  /** Spans of a trace mostly have the same resource and scope as the one before. */
  #resource(resource: Trace['spans'][number]['resource']): number {
    if (this.#last.resource !== resource)
      this.#last = { ...this.#last, resource, resourceAt: this.#newResource(resource) }
    return this.#last.resourceAt
  }

  #scope(scope: Trace['spans'][number]['instrumentation']): number {
    if (this.#last.scope !== scope) this.#last = { ...this.#last, scope, scopeAt: this.#newScope(scope) }
    return this.#last.scopeAt
  }

  #newResource(resource: Trace['spans'][number]['resource']): number {
    const attributes = StoredList.of(resource.attributes)
    return this.#resourceKeys.add(`${resource.serviceName}\n${attributes.key}`, () => ({ ...resource, attributes }))
  }

  #newScope({ name, version, attributes: list }: Trace['spans'][number]['instrumentation']): number {
    const attributes = StoredList.of(list)
    return this.#scopeKeys.add(`${name}\n${version}\n${attributes.key}`, () => ({ name, version, attributes }))
  }
}
