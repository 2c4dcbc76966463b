import { expect, test } from 'vitest'
import { layoutTrace, selfTime, unfolded } from '../../src/page/trace/layout.ts'
import type { Span } from '../../src/page-server/answers.ts'

const span = (
  id: string,
  parent: string | undefined,
  start: number,
  end: number,
  status: Span['status'] = 'unset',
) => ({
  id,
  ...(parent ? { parent } : {}),
  name: id,
  service: 's',
  kind: 'internal',
  start,
  duration: end - start,
  status,
  attributes: {},
  events: [],
  links: [],
  resource: 0,
  scope: '',
})
const layout = (...spans: Span[]) => layoutTrace({ traceId: 't', start: 0, resources: [{}], spans })
const path = (found: ReturnType<typeof layout>) => found.critical.map((one) => `${one.span.id} ${one.start}-${one.end}`)

test('each span is under its parent; one whose parent is missing is a root that says so; a cycle loses none', () => {
  const found = layout(span('a', undefined, 0, 9), span('c', 'a', 5, 6), span('b', 'a', 1, 4), span('o', 'gone', 2, 3))
  expect(found.rows.map((row) => [row.span.id, row.depth, row.below, row.orphan])).toEqual([
    ['a', 0, 2, false],
    ['c', 1, 0, false],
    ['b', 1, 0, false],
    ['o', 0, 0, true],
  ])
  const cycle = layout(span('x', 'y', 0, 1), span('y', 'x', 0, 1), span('z', 'z', 0, 1))
  expect(cycle.rows.map((row) => row.span.id).sort()).toEqual(['x', 'y', 'z'])
  expect(unfolded(found.rows, new Set(['a'])).map((row) => row.span.id)).toEqual(['a', 'o'])
})

test('the critical path is what the end waited for, and no moment twice', () => {
  const found = layout(
    span('root', undefined, 0, 10),
    span('load', 'root', 1, 4),
    span('side', 'root', 1, 3),
    span('work', 'root', 4, 9),
    span('inner', 'work', 5, 8),
  )
  expect(path(found)).toEqual(['root 0-1', 'load 1-4', 'work 4-5', 'inner 5-8', 'work 8-9', 'root 9-10'])
  expect(found.critical.reduce((sum, { start, end }) => sum + end - start, 0)).toBe(10)
})

test('a child that outlives its parent holds nobody up', () => {
  expect(path(layout(span('root', undefined, 0, 5), span('async', 'root', 1, 50), span('b', 'root', 1, 2)))).toEqual([
    'root 0-1',
    'b 1-2',
    'root 2-5',
  ])
})

test('clocks that differ by less than a millisecond do not take a child off the path', () => {
  expect(
    path(layout(span('root', undefined, 0, 13.7), span('load', 'root', 1, 12.8), span('work', 'root', 13, 14.1))),
  ).toEqual(['root 0-1', 'load 1-12.8', 'root 12.8-13', 'work 13-13.7'])
})

test('self time leaves out children once, however they overlap', () => {
  expect(
    selfTime(span('a', undefined, 0, 10), [span('b', 'a', 1, 5), span('c', 'a', 3, 6), span('d', 'a', 9, 20)]),
  ).toBe(4)
})

test('ten thousand spans, one below the other, are laid out at once', () => {
  const deep = Array.from({ length: 10_000 }, (_, i) => span(`s${i}`, i ? `s${i - 1}` : undefined, i, 20_000 - i))
  const found = layout(...deep)
  expect(found.rows[0]!.below).toBe(9_999)
  expect(found.rows.at(-1)!.depth).toBe(9_999)
})
