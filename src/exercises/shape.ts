import { type Static, Type } from '@sinclair/typebox'
import type { Attributes } from '../backends/otlp-value.ts'
import type { SpanNode, TraceSpan } from '../backends/trace.ts'
import { nearest } from '../util/nearest.ts'
import { matches } from './expect.ts'
import { closed, word } from './format/words.ts'

const Values = (description: string) =>
  Type.Record(Type.String(), Type.Union([Type.String(), Type.Number(), Type.Boolean()]), {
    description: `${description}; between slashes a regular expression, "*" is any value`,
  })

export const SpanShape = Type.Recursive(
  (Self) =>
    Type.Object(
      {
        span: Type.String({ description: 'Its name; between slashes a regular expression' }),
        kind: Type.Optional(word(['internal', 'server', 'client', 'producer', 'consumer'])),
        status: Type.Optional(word(['unset', 'ok', 'error'])),
        attributes: Type.Optional(Values('It has all of these')),
        without: Type.Optional(Type.Array(Type.String(), { minItems: 1, description: 'It has none of these' })),
        message: Type.Optional(Type.String({ description: "Its status' description; as a name" })),
        events: Type.Optional(
          Type.Array(
            Type.Object(
              { name: Type.String(), attributes: Type.Optional(Values('The event has all of these')) },
              closed,
            ),
            { minItems: 1, description: 'It has each of these events' },
          ),
        ),
        links: Type.Optional(
          Type.Array(Type.String(), {
            minItems: 1,
            description: 'It has a link to a span of each of these names, in this or another trace of the run',
          }),
        ),
        scope: Type.Optional(Type.String({ description: 'The name of its instrumentation scope' })),
        resource: Type.Optional(Values('Its resource has all of these')),
        times: Type.Optional(
          Type.Integer({ description: 'So many of them below one parent; one unless said', minimum: 1 }),
        ),
        children: Type.Optional(Type.Array(Self, { minItems: 1 })),
      },
      closed,
    ),
  { $id: 'span' },
)
export type SpanShapeSpec = Static<typeof SpanShape>

export type ShapeCase =
  | 'missing'
  | 'near-miss'
  | 'wrong-parent'
  | 'wrong-kind'
  | 'wrong-status'
  | 'attributes'
  | 'events'
  | 'links'
  | 'scope'
  | 'resource'
  | 'extra'

interface Line {
  depth: number
  name: string
  /** What is the matter with it. */
  note?: string
}

export interface Fault {
  case: ShapeCase
  said: string
  /** How far off it is; 1 unless said. */
  far?: number
}

export interface Comparison {
  faults: Fault[]
  /** How far it is from what is wanted: of several traces the nearest one is told of. */
  distance: number
  lines: Line[]
}

/** The expected tree against the actual one. Each actual span counts once. */
export function compareShape(
  expected: SpanShapeSpec,
  roots: readonly SpanNode[],
  options: { extra: 'allowed' | 'refused'; known?: readonly TraceSpan[] },
): Comparison {
  const faults: Comparison['faults'] = []
  const lines: Line[] = []
  let distance = 0
  const claimed = new Set<SpanNode>()
  const everyNode = roots.flatMap(withBelow)

  const note = (depth: number, name: string, fault: Fault, text: string, far = FAR[fault.case] ?? 1) => {
    distance += far
    faults.push(fault)
    lines.push({ depth, name, note: text })
  }

  function place(
    wanted: SpanShapeSpec,
    siblings: readonly SpanNode[],
    depth: number,
    parent: string | undefined,
  ): void {
    const { span: name, times = 1, children = [] } = wanted
    const below = parent === undefined ? 'at the top' : `below ${parent}`
    const free = siblings.filter((node) => !claimed.has(node))
    const here = free.filter((node) => matches(node.span.name, name)).slice(0, times)
    for (const node of here) {
      claimed.add(node)
      const wrongs = [...wrongsOf(wanted, node.span, options.known ?? everyNode.map(({ span }) => span))]
      const [wrong] = wrongs
      const far = wrongs.reduce((sum, one) => sum + (one.far ?? 1), 0)
      if (wrong) note(depth, node.span.name, wrong, wrong.said.replace(`${node.span.name} `, ''), far)
      else lines.push({ depth, name: node.span.name })
      for (const child of children) place(child, node.children, depth + 1, node.span.name)
      extras(node, children, depth + 1)
    }
    for (let i = here.length; i < times; i++) {
      const count = times > 1 ? ` (${here.length} of ${times})` : ''
      const strayed = everyNode.find((node) => !claimed.has(node) && matches(node.span.name, name))
      if (strayed) {
        claimed.add(strayed)
        const actual = everyNode.find(({ children: all }) => all.includes(strayed))?.span.name
        const at = actual === undefined ? 'at the top' : `below ${actual}`
        note(depth, name, { case: 'wrong-parent', said: `${name} is ${at}, not ${below}` }, `is ${at}, not here`)
        for (const child of children) place(child, strayed.children, depth + 1, name)
        continue
      }
      const close = nearMiss(name, free)
      if (close) {
        claimed.add(close)
        note(
          depth,
          close.span.name,
          { case: 'near-miss', said: `there is ${close.span.name}, where ${name} is meant` },
          `should be ${name}`,
        )
        for (const child of children) place(child, close.children, depth + 1, close.span.name)
        continue
      }
      note(depth, name, { case: 'missing', said: `there is no ${name} ${below}${count}` }, `missing${count}`)
    }
  }

  function extras(node: SpanNode, expectedBelow: readonly SpanShapeSpec[], depth: number): void {
    for (const child of node.children) {
      if (
        claimed.has(child) ||
        expectedBelow.some(({ span }) => matches(child.span.name, span) && options.extra === 'allowed')
      )
        continue
      // What is wanted elsewhere is told there.
      if (options.extra === 'allowed') lines.push({ depth, name: child.span.name, note: 'also there' })
      else
        note(
          depth,
          child.span.name,
          { case: 'extra', said: `${child.span.name} is not expected below ${node.span.name}` },
          'not expected',
        )
    }
  }

  place(expected, roots, 0, undefined)
  return { faults, lines, distance }
}

/** A span that is not there is further off than one of which something is wrong. */
const FAR: Partial<Record<ShapeCase, number>> = { missing: 20, 'near-miss': 10, 'wrong-parent': 10 }

const withBelow = (node: SpanNode): SpanNode[] => [node, ...node.children.flatMap(withBelow)]

/** All that is wrong with a span; `known` are spans that a link may lead to. */
function* wrongsOf(
  {
    kind,
    status,
    message,
    attributes = {},
    without = [],
    events = [],
    links = [],
    scope,
    resource = {},
  }: SpanShapeSpec,
  span: TraceSpan,
  known: readonly TraceSpan[],
): Generator<Fault> {
  const { name } = span
  if (kind !== undefined && span.kind !== kind)
    yield { case: 'wrong-kind', said: `${name} is of kind ${span.kind}, not ${kind}` }
  if (status !== undefined && span.status.code !== status)
    yield { case: 'wrong-status', said: `${name} has the status ${span.status.code}, not ${status}` }
  if (message !== undefined && !matches(span.status.message, message))
    yield {
      case: 'wrong-status',
      said: `${name} says ${span.status.message || 'nothing'} of its status, not ${message}`,
    }
  const odd = lacking(span.attributes, attributes)
  if (odd) yield { case: 'attributes', ...odd, said: `${name} ${odd.said}` }
  const held = without.find((key) => span.attributes[key] !== undefined)
  if (held) yield { case: 'attributes', said: `${name} has ${held}=${String(span.attributes[held])}` }
  for (const wanted of events) {
    const there = span.events.filter((event) => matches(event.name, wanted.name))
    const names = span.events.map((event) => event.name).join(', ')
    const wrong = there.map((event) => lacking(event.attributes, wanted.attributes ?? {}))
    if (there.length === 0)
      yield { case: 'events', said: `${name} has no event ${wanted.name}${names ? `, but ${names}` : ''}` }
    else if (wrong.every(Boolean)) yield { case: 'events', said: `${name}: the event ${wanted.name} ${wrong[0]!.said}` }
  }
  yield* linksMissing(links, span, known)
  if (scope !== undefined && !matches(span.scope.name, scope))
    yield { case: 'scope', said: `${name} comes from the scope ${span.scope.name || 'without a name'}, not ${scope}` }
  const strange = lacking(span.resource, resource)
  if (strange) yield { case: 'resource', ...strange, said: `the resource of ${name} ${strange.said}` }
}

/** Each link counts once, so that two wanted ones need two. */
function* linksMissing(links: readonly string[], span: TraceSpan, known: readonly TraceSpan[]): Generator<Fault> {
  const isEnd = (link: TraceSpan['links'][number]) => (one: TraceSpan) =>
    one.spanId === link.spanId && one.traceId === link.traceId
  const open = span.links.map((link) => known.find(isEnd(link)))
  for (const wanted of links) {
    const isWanted = (end: TraceSpan | undefined) => end !== undefined && matches(end.name, wanted)
    const at = open.findIndex(isWanted)
    if (at >= 0) {
      open.splice(at, 1)
      continue
    }
    const had = links.indexOf(wanted) < links.lastIndexOf(wanted) && open.length < span.links.length
    const seen = open.map((end) => end?.name ?? 'a span that is not there').join(', ')
    yield {
      case: 'links',
      said: `${span.name} has no ${had ? 'second ' : ''}link to ${wanted}${seen ? `, but to ${seen}` : ''}`,
    }
    return
  }
}

/** What the first of the attributes that is not as wanted is instead, and how far all of them are off. */
function lacking(all: Attributes, wanted: Record<string, string | number | boolean>): Omit<Fault, 'case'> | undefined {
  const found = Object.entries(wanted).flatMap(([key, value]) => {
    const actual = all[key]
    if (actual === undefined) {
      const close = nearest(key, Object.keys(all))
      return { said: `has no ${key}${close ? `, but ${close}` : ''}`, far: 2 }
    }
    if (!matches(String(actual), String(value))) return { said: `has ${key}=${String(actual)}, not ${value}`, far: 2 }
    if (typeof value === 'number' && typeof actual === 'string')
      return { said: `has ${key}="${actual}", which is text and no number`, far: 1 }
    return []
  })
  return found[0] && { said: found[0].said, far: found.reduce((sum, { far }) => sum + far, 0) }
}

/** Another case, other separators, a letter off. */
function nearMiss(name: string, free: readonly SpanNode[]): SpanNode | undefined {
  const plain = (text: string) => text.toLowerCase().replace(/[^a-z0-9]/g, '')
  const same = free.find(({ span }) => plain(span.name) === plain(name))
  if (same) return same
  const close = nearest(
    plain(name),
    free.map(({ span }) => plain(span.name)),
  )
  return close === undefined ? undefined : free.find(({ span }) => plain(span.name) === close)
}

/** One drawing: the tree, and at each span what is the matter with it. */
export function drawShape({ lines }: Comparison): string {
  const isLast = (at: number) => {
    const rest = lines.slice(at + 1)
    const next = rest.find(({ depth }) => depth <= lines[at]!.depth)
    return next === undefined || next.depth < lines[at]!.depth
  }
  const open: boolean[] = []
  return lines
    .map(({ depth, name, note }, i) => {
      const last = isLast(i)
      open[depth] = !last
      const bars = open
        .slice(1, depth)
        .map((more) => (more ? '│  ' : '   '))
        .join('')
      const branch = depth === 0 ? '' : last ? '└─ ' : '├─ '
      return `${bars}${branch}${name}${note ? `  ← ${note}` : ''}`
    })
    .join('\n')
}
