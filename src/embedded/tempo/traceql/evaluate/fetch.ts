import { type Attribute, attribute, type Intrinsic, intrinsic, type Scope, type Static, string } from '../ast.ts'
import type { Span, Trace } from '../source.ts'
import { type Condition, STRUCTURE } from './conditions.ts'
import { FetchedSpan, type Named } from './fetched.ts'
import { INTRINSICS, type IntrinsicLevel, intrinsicOf } from './intrinsics.ts'
import type { Regexps } from './operate.ts'
import { AttributeReader, type Predicate, predicateOf } from './predicates.ts'

type Level = IntrinsicLevel | 'resource'

/** The conditions of one level, ready to run. */
interface Reader {
  intrinsics: { attribute: Attribute; tests: (Predicate | undefined)[] }[]
  generic: AttributeReader
  /** resource.service.name has a column of its own, which is never absent. */
  serviceName: { attribute: Attribute; tests: (Predicate | undefined)[] } | undefined
  /** Distinct names asked for. */
  wanted: number
}

/** Reads from spans what conditions ask for, as Tempo's vParquet blocks do (tempodb/encoding/vparquet5). */
export class Fetcher {
  readonly #readers: Record<Level, Reader>
  readonly #all: boolean
  readonly #needsMatch: boolean
  readonly #structure: boolean

  constructor(conditions: Condition[], all: boolean, regexps: Regexps) {
    const levels: Record<Level, Condition[]> = {
      span: [],
      resource: [],
      event: [],
      link: [],
      instrumentation: [],
      trace: [],
    }
    let mingled = false
    for (const c of conditions) {
      if (c.attribute === STRUCTURE) continue
      const { scope, intrinsic: own } = c.attribute
      if (scope !== 'none') levels[scope].push(c)
      else if (own !== undefined) levels[INTRINSICS[own].level].push(c)
      else {
        // `.foo` may be the span's or the resource's, so neither may be required.
        mingled = true
        levels.span.push(c)
        levels.resource.push(c)
      }
    }
    this.#all = all && !mingled
    this.#needsMatch = conditions.length > 0 && levels.trace.length === 0
    this.#structure = conditions.some((c) => c.attribute === STRUCTURE)
    if (this.#structure) {
      // Structural operators read these columns whole, so a condition on one of them hides nothing.
      levels.span = levels.span.map((c) =>
        c.attribute.intrinsic?.startsWith('nestedSet') ? { attribute: c.attribute, op: 'any' } : c,
      )
    }
    this.#readers = Object.fromEntries(
      Object.entries(levels).map(([level, list]) => [level, readerOf(list, level as Level, regexps)]),
    ) as Record<Level, Reader>
  }

  /** The spans of `trace` that the conditions let through. */
  fetch(trace: Trace): FetchedSpan[] {
    const result: FetchedSpan[] = []
    const traceAttributes: Named[] = []
    const ofTrace = this.#readers.trace
    const complete = readIntrinsics(ofTrace, (name) => intrinsicOf('trace', trace, name), traceAttributes)
    if (this.#all && !complete) return result
    for (const span of trace.spans) {
      const fetched = new FetchedSpan(span)
      fetched.traceAttributes = traceAttributes
      if (this.#read(fetched)) result.push(fetched)
    }
    return result
  }

  /** Adds what the conditions ask for to spans that were fetched before. */
  extend(trace: Trace, spans: FetchedSpan[]): void {
    const traceAttributes: Named[] = []
    readIntrinsics(this.#readers.trace, (name) => intrinsicOf('trace', trace, name), traceAttributes)
    for (const span of spans) {
      span.traceAttributes = [...span.traceAttributes, ...traceAttributes]
      this.#read(span)
    }
  }

  /** False when the span is not to be seen. */
  #read(to: FetchedSpan): boolean {
    const { span } = to
    const { event, link, instrumentation, resource } = this.#readers
    if (!this.#readMany(event, span.events, EVENT, to.eventAttributes)) return false
    if (!this.#readMany(link, span.links, LINK, to.linkAttributes)) return false
    if (!this.#readLevel(this.#readers.span, span, SPAN, to.spanAttributes)) return false
    const { instrumentation: scope } = span
    if (!this.#readLevel(instrumentation, scope, INSTRUMENTATION, to.instrumentationAttributes)) return false
    if (!this.#readLevel(resource, span.resource, RESOURCE, to.resourceAttributes)) return false
    if (this.#all || !this.#needsMatch) return true
    if (this.#structure && (span.left > 0 || span.parentLeft !== 0)) return true
    return to.lists().some((list) => list.some(([, value]) => value.type !== 'nil'))
  }

  #readLevel<T>(reader: Reader, item: T, level: LevelOf<T>, to: Named[]): boolean {
    if (reader.wanted === 0) return true
    const before = to.length
    const complete = readInto(reader, item, level, to)
    if (!this.#all) return true
    return complete && countValues(to, before) >= reader.wanted
  }

  /** Of events and links any one may match; where all conditions must hold, they must hold for the same one. */
  #readMany<T>(reader: Reader, items: readonly T[], level: LevelOf<T>, to: Named[]): boolean {
    if (reader.wanted === 0) return true
    let kept = false
    const read = (item: T | undefined) => {
      const found: Named[] = []
      const complete = readInto(reader, item, level, found)
      if (this.#all && !(complete && countValues(found, 0) >= reader.wanted)) return
      kept = true
      to.push(...found)
    }
    for (const item of items) read(item)
    if (items.length === 0) read(undefined)
    return kept
  }
}

function countValues(list: Named[], from: number): number {
  let count = 0
  for (let i = from; i < list.length; i++) if (list[i]![1].type !== 'nil') count++
  return count
}

interface LevelOf<T> {
  scope: Scope
  attributes(item: T): Span['attributes']
  value(item: T, name: Intrinsic): Static | undefined
  serviceName?(item: T): string
}

function readInto<T>(reader: Reader, item: T | undefined, level: LevelOf<T>, to: Named[]): boolean {
  if (item === undefined) return readBlanks(reader, to)
  reader.generic.read(level.attributes(item), (name, value) => {
    to.push([attribute(level.scope, name), value])
  })
  let complete = true
  if (reader.serviceName && level.serviceName) {
    const value = string(level.serviceName(item))
    if (passes(reader.serviceName.tests, value)) to.push([attribute('resource', 'service.name'), value])
    else complete = false
  }
  return readIntrinsics(reader, (name) => level.value(item, name), to) && complete
}

/** No item at all: its columns are empty, which no condition lets through but the one that takes anything. */
function readBlanks({ intrinsics }: Reader, to: Named[]): boolean {
  for (const { attribute: a, tests } of intrinsics) {
    const { blank } = INTRINSICS[a.intrinsic!]
    if (blank && tests.includes(undefined)) to.push([a, blank])
  }
  return false
}

/** False when one of them has no value that passes. */
function readIntrinsics(reader: Reader, read: (name: Intrinsic) => Static | undefined, to: Named[]): boolean {
  let complete = true
  for (const { attribute: a, tests } of reader.intrinsics) {
    const value = read(a.intrinsic!)
    if (value !== undefined && passes(tests, value)) to.push([a, value])
    else complete = false
  }
  return complete
}

const passes = (tests: (Predicate | undefined)[], value: Static) => tests.some((t) => t === undefined || t(value))

function readerOf(conditions: Condition[], level: Level, regexps: Regexps): Reader {
  const intrinsics = new Map<string, Reader['intrinsics'][number]>()
  const generic: Condition[] = []
  let serviceName: Reader['serviceName']
  for (const c of conditions) {
    const test = predicateOf(c, regexps)
    const { intrinsic: own, name } = c.attribute
    if (own !== undefined) {
      const entry = intrinsics.get(own) ?? { attribute: intrinsic(own), tests: [] }
      entry.tests.push(test)
      intrinsics.set(own, entry)
    } else if (level === 'resource' && name === 'service.name' && (test === undefined || isText(c.operand!))) {
      if (c.op === 'absent') continue
      serviceName ??= { attribute: c.attribute, tests: [] }
      serviceName.tests.push(test)
    } else generic.push(c)
  }
  return {
    intrinsics: [...intrinsics.values()],
    generic: new AttributeReader(generic, regexps),
    serviceName,
    wanted: new Set(conditions.map((c) => c.attribute.name)).size,
  }
}

const isText = (s: Static) => s.type === 'string' || s.type === 'string[]'

const RESOURCE: LevelOf<Span['resource']> = {
  scope: 'resource',
  attributes: (r) => r.attributes,
  value: () => undefined,
  serviceName: (r) => r.serviceName,
}

const INSTRUMENTATION: LevelOf<Span['instrumentation']> = {
  scope: 'instrumentation',
  attributes: (i) => i.attributes,
  value: (i, name) => intrinsicOf('instrumentation', i, name),
}

const EVENT: LevelOf<Span['events'][number]> = {
  scope: 'event',
  attributes: (e) => e.attributes,
  value: (e, name) => intrinsicOf('event', e, name),
}

const LINK: LevelOf<Span['links'][number]> = {
  scope: 'link',
  attributes: (l) => l.attributes,
  value: (l, name) => intrinsicOf('link', l, name),
}

const SPAN: LevelOf<Span> = {
  scope: 'span',
  attributes: (s) => s.attributes,
  value: (s, name) => intrinsicOf('span', s, name),
}

/** Replaces what was fetched by everything a span has; `compare()` wants it all. */
export function readEverything(trace: Trace, spans: FetchedSpan[]): void {
  const named = (scope: Scope, from: Span['attributes']): Named[] =>
    [...from.entries()].map(([name, value]) => [attribute(scope, name), value])
  const values = (names: Intrinsic[], read: (name: Intrinsic) => Static | undefined): Named[] =>
    names.flatMap((name) => {
      const value = read(name)
      return value === undefined ? [] : [[intrinsic(name), value] as const]
    })
  const traceAttributes = values(['rootName', 'rootServiceName'], (name) => intrinsicOf('trace', trace, name))
  for (const fetched of spans) {
    const { span } = fetched
    fetched.traceAttributes = traceAttributes
    fetched.spanAttributes = [
      ...named('span', span.attributes),
      ...values(['name', 'status', 'statusMessage', 'kind', 'span:childCount'], (name) =>
        intrinsicOf('span', span, name),
      ),
    ]
    fetched.resourceAttributes = [
      ...named('resource', span.resource.attributes),
      [attribute('resource', 'service.name'), string(span.resource.serviceName)],
    ]
    fetched.eventAttributes = span.events.flatMap((e) => [
      ...named('event', e.attributes),
      [intrinsic('event:name'), string(e.name)] as const,
    ])
    fetched.linkAttributes = span.links.flatMap((l) => named('link', l.attributes))
    fetched.instrumentationAttributes = [
      ...named('instrumentation', span.instrumentation.attributes),
      ...values(['instrumentation:name', 'instrumentation:version'], (name) =>
        INSTRUMENTATION.value(span.instrumentation, name),
      ),
    ]
  }
}
