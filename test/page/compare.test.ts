import { expect, test } from 'vitest'
import { compareLines, compareMetrics } from '../../src/page/compare/numbers.ts'
import { showLine } from '../../src/page/logs/line.ts'
import { colourQuery } from '../../src/page/parts/colour.ts'
import { amount, duration, unitOf, withUnit } from '../../src/page/time/format.ts'
import { ticks } from '../../src/page/time/scale.ts'
import { compareTraces } from '../../src/page/trace/compare.ts'
import { layoutTrace } from '../../src/page/trace/layout.ts'
import { firstMetric, metricKinds, promqlFor } from '../../src/page/walk/queries.ts'
import type { Span } from '../../src/page-server/answers.ts'

const span = (id: string, parent: string | undefined, name: string, duration: number): Span => ({
  ...{ id, name, duration, service: 's', kind: 'internal', start: 0, status: 'unset', attributes: {}, events: [] },
  ...{ links: [], resource: 0, scope: '' },
  ...(parent ? { parent } : {}),
})
const layout = (...spans: Span[]) => layoutTrace({ traceId: 't', start: 0, resources: [], spans })

test('two traces are compared step by step, parents above children', () => {
  const pairs = compareTraces(
    layout(span('1', undefined, 'root', 10), span('2', '1', 'load', 2), span('3', '1', 'load', 3)),
    layout(span('1', undefined, 'root', 30), span('2', '1', 'save', 7)),
  )
  expect(pairs.map(({ name, depth, count, total }) => [name, depth, count, total])).toEqual([
    ['root', 0, [1, 1], [10, 30]],
    ['load', 1, [2, 0], [5, 0]],
    ['save', 1, [0, 1], [0, 7]],
  ])
  // In the first one's order, whatever the names; each leads to its span there.
  const ordered = compareTraces(
    layout(span('1', undefined, 'z', 9), span('2', '1', 'y', 2), span('3', '2', 'x', 1), span('4', '1', 'b', 1)),
    layout(span('1', undefined, 'z', 9), span('2', '1', 'a', 2)),
  )
  expect(ordered.map(({ name, span: id }) => [name, id])).toEqual([
    ['z', '1'],
    ['y', '2'],
    ['x', '3'],
    ['b', '4'],
    ['a', undefined],
  ])
  const deep = Array.from({ length: 10_000 }, (_, i) => span(`s${i}`, i ? `s${i - 1}` : undefined, `name ${i}`, 1))
  expect(compareTraces(layout(...deep), layout(...deep)).at(-1)).toMatchObject({ depth: 9_999, count: [1, 1] })
})

test("two runs' series are the same ones but for who sent them; lines but for their numbers", () => {
  const series = (instance: string, value: number) => [
    { labels: { __name__: 'done_total', instance, job: 'a', status: 'ok' }, times: [1, 2], values: [0, value] },
  ]
  expect(compareMetrics(series('r1', 3), series('r2', 5)).map(({ name, values }) => [name, values])).toEqual([
    ['done_total{status="ok"}', [3, 5]],
  ])
  const line = (text: string) => showLine({ ns: '1', time: 0, line: text, stream: 0, metadata: { level: 'WARN' } }, {})
  expect(
    compareLines([line('took 3 s'), line('took 40 s')], [line('took 7 s')]).map(({ name, values }) => [name, values]),
  ).toEqual([['warn: took # s', [2, 1]]])
})

test('a line is its message, its level and the fields worth seeing, JSON or not', () => {
  const metadata = { trace_id: 'ab', detected_level: 'error', step: 'load', service_version: '1' }
  const json = '{"message":"it broke","step":"load","level":"ERROR","timestamp":"x"}'
  expect(showLine({ ns: '1', time: 0, line: json, stream: 0, metadata }, {})).toMatchObject({
    ...{ level: 'error', message: 'it broke', traceId: 'ab', fields: [['step', 'load']] },
  })
  expect(showLine({ ns: '1', time: 0, line: '{broken', stream: 0, metadata: {} }, {})).toMatchObject({
    ...{ level: 'unknown', message: '{broken', fields: [] },
  })
})

test('amounts have their unit, and axes round moments', () => {
  expect([0.00042, 0.4, 12.34, 2090, 192_000].map(duration)).toEqual([
    '420 ns',
    '400 µs',
    '12.3 ms',
    '2.09 s',
    '3 m 12 s',
  ])
  expect([3, 1234.5, 12_345, 2.5e6, 0.000_21, 1.76e18].map(amount)).toEqual([
    ...['3', '1235', '12.3 k', '2.5 M', '0.00021', '1.76e18'],
  ])
  // No minute has sixty seconds; what is negative says so however long it is.
  expect([179_700, 7_199_800, 172_790_000, -200_000, -5].map(duration)).toEqual([
    ...['3 m', '2 h', '2 d', '-3 m 20 s', '-5 ms'],
  ])
  expect(['a_seconds', 'a_seconds_count', 'a_bytes_total', 'a_ratio', 'a'].map((name) => unitOf(name))).toEqual([
    's',
    '',
    'B',
    '%',
    '',
  ])
  expect(withUnit(0.25, 's')).toBe('250 ms')
  expect(withUnit(2048, 'B', true)).toBe('2 KiB/s')
  expect(ticks({ start: 1000, end: 1100 }, 5, 1000).map(({ time }) => time)).toEqual([
    1000, 1020, 1040, 1060, 1080, 1100,
  ])
  expect(ticks({ start: 5, end: 5 }, 5)).toEqual([])
})

test('one looks first at what failed, else at how long things took; each mode is a query', () => {
  const metrics = [
    'done_total',
    'failed_total',
    'took_seconds_bucket',
    'took_seconds_sum',
    'took_seconds_count',
    'heat',
    'target_info',
  ]
  const kinds = metricKinds(metrics.map((name) => ({ name, type: name === 'heat' ? 'gauge' : '', help: '', unit: '' })))
  expect(kinds.map(({ base, kind }) => `${base} ${kind}`)).toEqual([
    ...['done_total counter', 'failed_total counter', 'took_seconds histogram', 'heat gauge'],
  ])
  expect(firstMetric(kinds, true)?.base).toBe('failed_total')
  expect(firstMetric(kinds, false)?.base).toBe('took_seconds')
  const of = (mode: Parameters<typeof promqlFor>[1], i: number) => promqlFor(kinds[i]!, mode, '{instance="r"}', 15_000)
  expect(of('rate', 0)).toBe('rate(done_total{instance="r"}[60s])')
  expect(of('heat', 2)).toBe('took_seconds_bucket{instance="r"}')
  expect(of('rate', 2)).toBe('rate(took_seconds_count{instance="r"}[60s])')
})

test('a coloured query is the same query', () => {
  for (const query of [
    'sum by (le) (rate(a_bucket{b=~"x\\"y", c!="`"}[5m])) > 2',
    '{a="b"} |= `x` | json | c > 10ms',
    '',
  ])
    expect(
      colourQuery(query)
        .map(({ text }) => text)
        .join(''),
    ).toBe(query)
})
