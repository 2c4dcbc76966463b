import type { Kind, Static, Status } from '../../traceql/ast.ts'
import type {
  Attributes,
  Instrumentation,
  Resource,
  ServiceStats,
  Span,
  Trace,
  TraceNeed,
} from '../../traceql/source.ts'
import { KINDS, STATUSES } from '../view.ts'
import { type Columns, HAS_PARENT } from './columns.ts'
import { isNever, traceTest } from './match.ts'

const NO_EVENTS: Span['events'] = []
const NO_LINKS: Span['links'] = []

/** Sealed spans in memory, for queries; what they were in full is on disk. */
export class Block {
  readonly columns: Columns
  readonly startNanos: bigint
  readonly endNanos: bigint
  readonly #traceIndex: Map<string, number>
  /** Traces that are whole elsewhere. */
  readonly #hidden = new Set<string>()

  constructor(columns: Columns) {
    this.columns = columns
    this.#traceIndex = new Map(columns.traceIds.map((id, i) => [id, i]))
    let start = 2n ** 63n - 1n
    let end = 0n
    for (const t of columns.traceStart) if (t < start) start = t
    for (const t of columns.traceEnd) if (t > end) end = t
    this.startNanos = start
    this.endNanos = end
  }

  get spanCount(): number {
    return this.columns.flags.length
  }

  /** A rough figure of what it holds in memory. */
  get bytes(): number {
    const { attributeKey, values, strings, traceIds } = this.columns
    return this.spanCount * 60 + attributeKey.length * 8 + (values.size + strings.size) * 150 + traceIds.length * 200
  }

  /** Rows of a trace, from the first to before the last; undefined when it has none here. */
  rows(id: string): { from: number; to: number } | undefined {
    const i = this.#traceIndex.get(id)
    if (i === undefined || this.#hidden.has(id)) return undefined
    return { from: this.columns.firstSpan[i]!, to: this.columns.firstSpan[i + 1]! }
  }

  /** Nothing where it has no such trace: every trace that is cut is named to every block. */
  hide(id: string): void {
    if (this.#traceIndex.has(id)) this.#hidden.add(id)
  }

  /** Span id and OTLP kind of the spans of a trace, as LiveTrace tells spans apart. */
  spanKeys(id: string): string[] {
    const rows = this.rows(id)
    if (rows === undefined) return []
    const keys: string[] = []
    for (let i = rows.from; i < rows.to; i++) keys.push(`${idAt(this.columns.spanIds, i)}${this.columns.flags[i]! & 7}`)
    return keys
  }

  /** Newest first. */
  *traces(startNanos: bigint, endNanos: bigint, need: TraceNeed): Iterable<Trace> {
    const { traceStart, traceEnd, traceIds } = this.columns
    const test = traceTest(need, this.columns)
    if (isNever(test)) return
    for (let i = traceIds.length - 1; i >= 0; i--) {
      if (this.#hidden.has(traceIds[i]!)) continue
      if (startNanos > 0n && endNanos > 0n && (traceStart[i]! > endNanos || traceEnd[i]! < startNanos)) continue
      if (!test(i)) continue
      yield new BlockTrace(this.columns, i)
    }
  }
}

class BlockTrace implements Trace {
  readonly #c: Columns
  readonly #i: number
  #spans: Span[] | undefined

  constructor(columns: Columns, index: number) {
    this.#c = columns
    this.#i = index
  }

  get id(): string {
    return this.#c.traceIds[this.#i]!
  }
  get startNanos(): bigint {
    return this.#c.traceStart[this.#i]!
  }
  get endNanos(): bigint {
    return this.#c.traceEnd[this.#i]!
  }
  get rootName(): string {
    return this.#c.strings.values[this.#c.rootName[this.#i]!]!
  }
  get rootServiceName(): string {
    return this.#c.strings.values[this.#c.rootService[this.#i]!]!
  }
  get serviceStats(): ReadonlyMap<string, ServiceStats> {
    return this.#c.serviceStats[this.#i]!
  }
  get spans(): readonly Span[] {
    if (this.#spans === undefined) {
      this.#spans = []
      for (let i = this.#c.firstSpan[this.#i]!; i < this.#c.firstSpan[this.#i + 1]!; i++) {
        this.#spans.push(new BlockSpan(this.#c, i))
      }
    }
    return this.#spans
  }
}

const HEX = Array.from({ length: 256 }, (_, i) => i.toString(16).padStart(2, '0'))

function idAt(column: Uint8Array, index: number): string {
  let id = ''
  for (let i = index * 8; i < index * 8 + 8; i++) id += HEX[column[i]!]
  return id
}

class BlockSpan implements Span, Attributes {
  readonly #c: Columns
  readonly #i: number

  constructor(columns: Columns, index: number) {
    this.#c = columns
    this.#i = index
  }

  get id(): string {
    return idAt(this.#c.spanIds, this.#i)
  }
  get parentId(): string {
    return (this.#c.flags[this.#i]! & HAS_PARENT) === 0 ? '' : idAt(this.#c.parentIds, this.#i)
  }
  get name(): string {
    return this.#c.strings.values[this.#c.name[this.#i]!]!
  }
  get kind(): Kind {
    return KINDS[this.#c.flags[this.#i]! & 7]!
  }
  get status(): Status {
    return STATUSES[(this.#c.flags[this.#i]! >> 3) & 3]!
  }
  get statusMessage(): string {
    return this.#c.strings.values[this.#c.statusMessage[this.#i]!]!
  }
  get startNanos(): bigint {
    return this.#c.start[this.#i]!
  }
  get durationNanos(): bigint {
    return this.#c.duration[this.#i]!
  }
  get left(): number {
    return this.#c.left[this.#i]!
  }
  get right(): number {
    return this.#c.right[this.#i]!
  }
  get parentLeft(): number {
    return this.#c.parentLeft[this.#i]!
  }
  get childCount(): number {
    return this.#c.childCount[this.#i]!
  }
  get resource(): Resource {
    return this.#c.resources[this.#c.resource[this.#i]!]!
  }
  get instrumentation(): Instrumentation {
    return this.#c.scopes[this.#c.scope[this.#i]!]!
  }
  get events(): Span['events'] {
    return this.#c.events.get(this.#i) ?? NO_EVENTS
  }
  get links(): Span['links'] {
    return this.#c.links.get(this.#i) ?? NO_LINKS
  }
  get attributes(): Attributes {
    return this
  }

  get(key: string): Static | undefined {
    const wanted = this.#c.keys.find(key)
    if (wanted === undefined) return undefined
    const { firstAttribute, attributeKey, attributeValue, values } = this.#c
    for (let a = firstAttribute[this.#i]!; a < firstAttribute[this.#i + 1]!; a++) {
      if (attributeKey[a] === wanted) return values.values[attributeValue[a]!]
    }
    return undefined
  }

  *entries(): Iterable<readonly [string, Static]> {
    const { firstAttribute, attributeKey, attributeValue, values, keys } = this.#c
    for (let a = firstAttribute[this.#i]!; a < firstAttribute[this.#i + 1]!; a++) {
      yield [keys.values[attributeKey[a]!]!, values.values[attributeValue[a]!]!]
    }
  }
}
