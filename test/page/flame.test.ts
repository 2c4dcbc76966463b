import { expect, test } from 'vitest'
import { lanesOf, neighbour } from '../../src/page/trace/lanes.ts'
import { layoutTrace } from '../../src/page/trace/layout.ts'

const span = (id: string, parent: string | undefined, start: number, end: number) => ({
  ...{ id, name: id, start, duration: end - start, service: 's', kind: 'internal', status: 'unset' as const },
  ...{ attributes: {}, events: [], links: [], resource: 0, scope: '' },
  ...(parent ? { parent } : {}),
})
const layout = (...spans: ReturnType<typeof span>[]) => layoutTrace({ traceId: 't', start: 0, resources: [{}], spans })
const names = (rows: { span: { id: string } }[][]) => rows.map((lane) => lane.map(({ span: { id } }) => id))

test('a flame has a lane for each depth, and more where siblings overlap; arrows go from span to span', () => {
  const trace = layout(
    span('root', undefined, 0, 10),
    span('a', 'root', 0, 4),
    span('b', 'root', 3, 6),
    span('c', 'root', 6, 9),
    span('under b', 'b', 4, 5),
  )
  expect(names(lanesOf(trace))).toEqual([['root'], ['a', 'c'], ['b'], ['under b']])
  const go = (from: string | undefined, key: string) =>
    neighbour(trace, from === undefined ? undefined : trace.byId.get(from), `Arrow${key}`)?.span.id
  expect(go(undefined, 'Down')).toBe('root')
  expect(go('root', 'Down')).toBe('a')
  expect([go('a', 'Right'), go('b', 'Right'), go('c', 'Right')]).toEqual(['b', 'c', undefined])
  expect([go('c', 'Left'), go('a', 'Left'), go('under b', 'Up'), go('root', 'Up')]).toEqual([
    'b',
    undefined,
    'b',
    undefined,
  ])
  expect(neighbour(trace, trace.rows[0], 'Enter')).toBeUndefined()
})

test('ten thousand spans, one in the other, have as many lanes', () => {
  const deep = Array.from({ length: 10_000 }, (_, i) => span(`s${i}`, i ? `s${i - 1}` : undefined, i, 20_000 - i))
  expect(lanesOf(layout(...deep))).toHaveLength(10_000)
})
