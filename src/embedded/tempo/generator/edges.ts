import { attributeOf, stringOf } from '../../../otlp/attributes.ts'
import type { KeyValue, Span, TracesData } from '../../../otlp/types.ts'

/** One service calls another, pieced together from the span on each side. */
export interface Edge {
  client: string
  server: string
  connectionType: '' | 'messaging_system' | 'database' | 'virtual_node'
  failed: boolean
  clientSeconds: number
  serverSeconds: number
  /** Configured attributes of the spans and their resources. */
  dimensions: Map<string, string>
}

export interface EdgeSettings {
  /** Milliseconds that one side waits for the other. */
  wait: number
  maxItems: number
  dimensions: readonly string[]
  /** The first of these names the far side of a call that no span of its own tells of. */
  peerAttributes: readonly string[]
}

interface Pending extends Edge {
  peer: string
  /** Nothing called the server: its span has no parent. */
  root: boolean
  expiresAt: number
}

const SERVER = 2
const CLIENT = 3
const PRODUCER = 4
const CONSUMER = 5
const ERROR = 2
const DATABASE_NAMES = ['db.namespace', 'db.name', 'db.system', 'db.system.name']

/**
 * Pairs client with server spans (producer with consumer), as the service-graphs processor of Tempo's metrics
 * generator does. Bounded: past `maxItems` half edges, new ones are dropped.
 */
export class EdgeStore {
  dropped = 0
  readonly #pending = new Map<string, Pending>()
  readonly #settings: EdgeSettings
  readonly #onEdge: (edge: Edge) => void

  constructor(settings: EdgeSettings, onEdge: (edge: Edge) => void) {
    this.#settings = settings
    this.#onEdge = onEdge
  }

  add(data: TracesData, now: number): void {
    for (const { resource, scopes } of data) {
      const service = find(resource.attributes, 'service.name')
      if (service === undefined || service === '') continue
      for (const { items } of scopes) for (const span of items) this.#addSpan(span, service, resource.attributes, now)
    }
  }

  /** Lets go of edges whose other side did not come; what is known of some makes an edge all the same. */
  expire(now: number): void {
    // A map keeps the order of insertion, and all wait equally long.
    for (const [key, edge] of this.#pending) {
      if (edge.expiresAt > now) return
      this.#pending.delete(key)
      if (edge.client === '' && edge.root) edge.client = edge.peer || 'user'
      else if (edge.client !== '' && edge.server === '' && edge.peer !== '') edge.server = edge.peer
      else continue
      this.#onEdge({ ...edge, connectionType: 'virtual_node' })
    }
  }

  #addSpan(span: Span, service: string, resource: KeyValue[], now: number): void {
    const { kind, traceId, spanId, parentSpanId } = span
    const caller = kind === CLIENT || kind === PRODUCER
    if (!caller && kind !== SERVER && kind !== CONSUMER) return
    const key = `${traceId}-${caller ? spanId : parentSpanId}`
    const known = this.#pending.get(key)
    const edge = known ?? emptyEdge(now + this.#settings.wait)
    edge.connectionType = kind === PRODUCER || kind === CONSUMER ? 'messaging_system' : ''
    edge.failed ||= span.status.code === ERROR
    if (caller) {
      edge.client = service
      edge.clientSeconds = seconds(span)
    } else {
      edge.server = service
      edge.serverSeconds = seconds(span)
      edge.root = parentSpanId === ''
    }
    for (const name of this.#settings.dimensions) {
      const value = find(resource, name) ?? find(span.attributes, name)
      if (value !== undefined) edge.dimensions.set(name, value)
    }
    for (const name of this.#settings.peerAttributes) {
      const value = find(span.attributes, name)
      if (value === undefined) continue
      edge.peer = value
      break
    }
    if (caller) asDatabase(edge, span, resource)
    if (edge.client !== '' && edge.server !== '') {
      this.#pending.delete(key)
      this.#onEdge(edge)
    } else if (known === undefined) {
      if (this.#pending.size < this.#settings.maxItems) this.#pending.set(key, edge)
      else this.dropped++
    }
  }
}

const emptyEdge = (expiresAt: number): Pending => ({
  client: '',
  server: '',
  connectionType: '',
  failed: false,
  clientSeconds: 0,
  serverSeconds: 0,
  dimensions: new Map(),
  peer: '',
  root: false,
  expiresAt,
})

/** A database sends no spans: the caller's says all that there is to know. */
function asDatabase(edge: Pending, span: Span, resource: KeyValue[]): void {
  const value = (name: string) => find(resource, name) ?? find(span.attributes, name)
  const database = DATABASE_NAMES.map(value).find((name) => name !== undefined)
  if (database === undefined) return
  edge.connectionType = 'database'
  edge.serverSeconds = seconds(span)
  const peer = value('network.peer.address')
  const port = value('network.peer.port')
  edge.server =
    value('peer.service') ??
    value('server.address') ??
    (peer !== undefined && port !== undefined ? `${peer}:${port}` : (peer ?? database))
}

export function seconds({ startTimeUnixNano: start, endTimeUnixNano: end }: Span): number {
  return start > end ? 0 : Number(end - start) / 1e9
}

export function find(attributes: readonly KeyValue[], name: string): string | undefined {
  const value = attributeOf(attributes, name)
  return value === undefined ? undefined : stringOf(value)
}
