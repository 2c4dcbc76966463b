import { type Attribute, type MetricsCompare, NIL, type Static, string } from '../ast.ts'
import type { FetchedSpan } from '../evaluate/fetched.ts'
import type { Regexps } from '../evaluate/operate.ts'
import { evaluate, staticKey } from '../evaluate/pipeline.ts'
import { printAttribute } from '../print.ts'
import type { SeriesGuard, SpanObserver } from './aggregate.ts'
import { ExemplarRoom, exemplarLabels } from './exemplars.ts'
import type { Intervals } from './intervals.ts'
import { keyOf, type Label, type SeriesSet } from './series.ts'

interface Counts {
  value: Static
  values: Float64Array
  total: number
}

interface Counted {
  values: Map<string, Counts>
  total: Float64Array
}

interface Side {
  attributes: Map<string, Counted>
  room: ExemplarRoom
}

/** Of no use for telling spans apart. */
const IGNORED: ReadonlySet<string | undefined> = new Set([
  'spanStartTime',
  'trace:id',
  'span:id',
  'span:parentID',
  'nestedSetLeft',
  'nestedSetRight',
  'nestedSetParent',
])

/** `compare()`: how often each value of each attribute occurs within a selection, and in the rest. */
export class CompareObserver implements SpanObserver {
  readonly #c: MetricsCompare
  readonly #intervals: Intervals
  readonly #regexps: Regexps
  readonly #guard: SeriesGuard
  readonly #selection: Side
  readonly #baseline: Side
  #series = 0
  /** Printed names; printing one anew for each span would take most of the time. */
  readonly #names = new Map<string, string>()

  constructor(c: MetricsCompare, intervals: Intervals, exemplars: number, guard: SeriesGuard, regexps: Regexps) {
    this.#c = c
    this.#intervals = intervals
    this.#regexps = regexps
    this.#guard = guard
    const side = () => ({ attributes: new Map(), room: new ExemplarRoom(exemplars, intervals) })
    this.#selection = side()
    this.#baseline = side()
  }

  observe(span: FetchedSpan, interval: number): void {
    const side = this.#side(span)
    for (const list of span.lists()) for (const [a, value] of list) this.#count(side, a, value, interval)
  }

  exemplar(span: FetchedSpan): void {
    const timestampMs = Number(span.span.startNanos / 1_000_000n)
    this.#side(span).room.add({ labels: exemplarLabels(span), value: Number.NaN, timestampMs })
  }

  result(): SeriesSet {
    const set: SeriesSet = new Map()
    const tooMany = new Set<string>()
    const put = (labels: Label[], values: Float64Array, room?: ExemplarRoom) => {
      const name = labels[1]!.name
      const exemplars = room?.list.filter((e) => e.labels.some((l) => l.name === name)) ?? []
      set.set(keyOf(labels), { labels, values, exemplars })
    }
    for (const [type, side] of [
      ['baseline', this.#baseline],
      ['selection', this.#selection],
    ] as const) {
      const meta = (text: string): Label => ({ name: '__meta_type', value: string(text) })
      for (const [name, { values }] of side.attributes) {
        const top = [...values.values()].sort((a, b) => b.total - a.total).slice(0, this.#c.topN)
        if (values.size > this.#c.topN) tooMany.add(name)
        for (const { value, values: counts } of top) put([meta(type), { name, value }], counts)
      }
      for (const [name, { total }] of side.attributes) {
        put([meta(`${type}_total`), { name, value: NIL }], total, side.room)
      }
    }
    for (const name of tooMany) {
      put(
        [
          { name: '__meta_error', value: string('__too_many_values__') },
          { name, value: NIL },
        ],
        new Float64Array(0),
      )
    }
    return set
  }

  #side(span: FetchedSpan): Side {
    const { filter, start, end } = this.#c
    const { startNanos } = span.span
    const within = start === 0n || (startNanos > start && startNanos <= end)
    const value = within ? evaluate(filter.expression, span, this.#regexps) : NIL
    return value.type === 'bool' && value.value ? this.#selection : this.#baseline
  }

  #count(side: Side, a: Attribute, value: Static, interval: number): void {
    if (value.type === 'duration' || value.type === 'nil' || IGNORED.has(a.intrinsic)) return
    const name = this.#nameOf(a)
    let counted = side.attributes.get(name)
    if (counted === undefined) {
      counted = { values: new Map(), total: new Float64Array(this.#intervals.count) }
      side.attributes.set(name, counted)
    }
    const { values, total } = counted
    const key = staticKey(value)
    let counts = values.get(key)
    if (counts === undefined) {
      this.#guard(++this.#series)
      counts = { value, values: new Float64Array(this.#intervals.count), total: 0 }
      values.set(key, counts)
    }
    counts.values[interval]!++
    counts.total++
    total[interval]!++
  }

  #nameOf(a: Attribute): string {
    const key = `${a.intrinsic ?? a.scope}.${a.name}`
    let name = this.#names.get(key)
    if (name === undefined) {
      name = printAttribute(a)
      this.#names.set(key, name)
    }
    return name
  }
}
