import { type Static, Type } from '@sinclair/typebox'
import type { SpanNode, TraceSpan } from '../backends/trace.ts'
import { nearest } from '../collector-config.ts'
import { matches } from './expect.ts'
import { closed, word } from './format/words.ts'

export const SpanShape = Type.Recursive(
  (Self) =>
    Type.Object(
      {
        span: Type.String({ description: 'Its name; between slashes a regular expression' }),
        kind: Type.Optional(word(['internal', 'server', 'client', 'producer', 'consumer'])),
        status: Type.Optional(word(['unset', 'ok', 'error'])),
        attributes: Type.Optional(
          Type.Record(Type.String(), Type.Union([Type.String(), Type.Number(), Type.Boolean()]), {
            description: 'It has all of these; between slashes a regular expression, "*" is any value',
          }),
        ),
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
  | 'extra'

interface Line {
  depth: number
  name: string
  /** What is the matter with it. */
  note?: string
}

export interface Comparison {
  faults: { case: ShapeCase; said: string }[]
  lines: Line[]
}

/** The expected tree against the actual one. Each actual span counts once. */
export function compareShape(
  expected: SpanShapeSpec,
  roots: readonly SpanNode[],
  options: { extra: 'allowed' | 'refused' },
): Comparison {
  const faults: Comparison['faults'] = []
  const lines: Line[] = []
  const claimed = new Set<SpanNode>()
  const everyNode = roots.flatMap(withBelow)

  const note = (depth: number, name: string, fault: Comparison['faults'][number], text: string) => {
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
      const wrong = whatIsWrong(wanted, node.span)
      if (wrong) note(depth, node.span.name, wrong, wrong.said.slice(node.span.name.length + 1))
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
  return { faults, lines }
}

const withBelow = (node: SpanNode): SpanNode[] => [node, ...node.children.flatMap(withBelow)]

function whatIsWrong(
  { kind, status, attributes = {} }: SpanShapeSpec,
  span: TraceSpan,
): Comparison['faults'][number] | undefined {
  if (kind !== undefined && span.kind !== kind)
    return { case: 'wrong-kind', said: `${span.name} is of kind ${span.kind}, not ${kind}` }
  if (status !== undefined && span.status.code !== status)
    return { case: 'wrong-status', said: `${span.name} has the status ${span.status.code}, not ${status}` }
  for (const [key, wanted] of Object.entries(attributes)) {
    const actual = span.attributes[key]
    if (actual === undefined) {
      const close = nearest(key, Object.keys(span.attributes))
      return { case: 'attributes', said: `${span.name} has no ${key}${close ? `, but ${close}` : ''}` }
    }
    if (!matches(String(actual), String(wanted)))
      return { case: 'attributes', said: `${span.name} has ${key}=${String(actual)}, not ${wanted}` }
  }
  return undefined
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
