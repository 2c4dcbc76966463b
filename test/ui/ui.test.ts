import { expect, test } from 'vitest'
import { QueryError } from '../../src/errors.ts'
import { renderCaret } from '../../src/ui/caret.ts'
import { renderHistogram } from '../../src/ui/histogram.ts'
import { renderHops } from '../../src/ui/hops.ts'
import { humanBytes, humanDuration } from '../../src/ui/numbers.ts'
import { paint } from '../../src/ui/paint.ts'
import { renderTable } from '../../src/ui/table.ts'
import { renderVerdict } from '../../src/ui/verdict.ts'
import { renderWaterfall } from '../../src/ui/waterfall.ts'
import { widthOf } from '../../src/ui/width.ts'

const plain = paint({ colour: false })
const colours = paint({ colour: true })

test('a table lines its columns up, whatever the colours', () => {
  const table = renderTable(
    ['SERVICE', { title: 'PORT', align: 'right' }],
    [[colours.green('tempo'), '3200'], ['otel-collector', '4317\n4318'], ['loki']],
    { paint: plain },
  )
  expect(table.replaceAll(/\x1b\[\d+m/g, '').split('\n')).toEqual([
    'SERVICE         PORT',
    'tempo           3200',
    'otel-collector  4317',
    '                4318',
    'loki',
  ])
})

test('the caret stands under the faulty part', () => {
  const error = new QueryError('unknown identifier: eror', '{ status = eror }', 11, 4)
  expect(renderCaret(error, { paint: plain })).toBe(
    ['  { status = eror }', '             ^^^^', '  unknown identifier: eror'].join('\n'),
  )
})

test('the caret finds its line, and a long query is cut around it', () => {
  const second = renderCaret(new QueryError('no', 'sum(\n\trate(x)', 6, 4), { paint: plain })
  expect(second).toBe('  \trate(x)\n  \t^^^^\n  no (line 2)')
  const long = renderCaret(new QueryError('no', `${'a'.repeat(500)}!${'b'.repeat(500)}`, 500), { paint: plain })
  const [text, caret] = long.split('\n')
  expect(text!.length).toBeLessThan(110)
  expect(text![caret!.indexOf('^')]).toBe('!')
  expect(renderCaret(new QueryError('end', 'ab', 2, 5), { paint: plain })).toContain('\n    ^\n')
})

test('a verdict says expected, seen and the next command', () => {
  expect(
    renderVerdict({ state: 'failed', title: 'spans', expected: '1', seen: '0', next: 'otel-lab up' }, { paint: plain }),
  ).toBe('✗ spans\n    expected 1\n    seen     0\n    → otel-lab up')
})

test('a waterfall draws the tree on one axis and loses no span', () => {
  const out = renderWaterfall(
    [
      { id: 'c', name: 'write_output', start: 1900, end: 2000, parent: 'a', error: true },
      { id: 'a', name: 'process_file', start: 1000, end: 2000 },
      { id: 'b', name: 'load_file', start: 1000, end: 1500, parent: 'a' },
      { id: 'd', name: 'lost', start: 1000, end: 1000.001, parent: 'gone' },
      { id: 'x', name: 'loop1', start: 1000, end: 1001, parent: 'y' },
      { id: 'y', name: 'loop2', start: 1000, end: 1001, parent: 'x' },
    ],
    { width: 80, paint: plain },
  ).split('\n')
  expect(out).toHaveLength(7)
  expect(out[1]).toMatch(/^process_file +█+ +1.00 s$/)
  expect(out[2]).toMatch(/^├ load_file +█+ +500 ms$/)
  expect(out[3]).toMatch(/^└ write_output +█+ +100 ms ✗$/)
  expect(out[3]!.indexOf('█')).toBeGreaterThan(out[2]!.lastIndexOf('█'))
  expect(out[4]).toMatch(/^┄ lost +▏ +1.00 µs$/)
  expect(out.every((line) => widthOf(line) <= 84)).toBe(true)
})

test('a histogram has readable edges and counts every value', () => {
  const out = renderHistogram([120, 180, 190, 260, 900], { unit: 'ms', width: 60, paint: plain })
  expect(out.split('\n')[0]).toMatch(/^ +0 s - 200 ms/)
  const counts = out.split('\n').map((line) => Number(/ {2}(\d+)/.exec(line.slice(line.indexOf(' - ')))![1]))
  expect(counts.reduce((a, b) => a + b)).toBe(5)
  expect(renderHistogram([5, 5, 5], { paint: plain })).toContain('3')
  expect(renderHistogram([])).toBe('')
})

test('numbers for people', () => {
  expect([0.0004, 0.84, 12.34, 2510, 192_000].map(humanDuration)).toEqual([
    '0.400 µs',
    '840 µs',
    '12.3 ms',
    '2.51 s',
    '3 min 12 s',
  ])
  expect([0, 1023, 1024, 150 * 1024 * 1024].map(humanBytes)).toEqual(['0 B', '1023 B', '1.00 KiB', '150 MiB'])
})

test('NO_COLOR wins over a terminal', () => {
  expect(paint({ env: { NO_COLOR: '1' } }).red('x')).toBe('x')
})

test('the hops of a run: a line each, in any width, and below them what to mend', () => {
  const broken = {
    hop: 'processor',
    id: 'filter/health',
    pipeline: 'traces',
    state: 'dropped' as const,
    fault: 'drops',
    known: ['tap'],
    seen: 'filter/health dropped all 8 spans of this run; its conditions: IsMatch(span.name, ".*")',
    why: 'A filter drops what any of its conditions is true for',
    next: 'otel-lab restart otel-collector',
  }
  const hops = [
    { hop: 'app', state: 'passed' as const, known: ['exit code'], seen: 'it ran to its end' },
    broken,
    { hop: 'query', state: 'unknown' as const, known: ['backend'], seen: 'the query finds nothing' },
  ]
  const view = { signal: 'traces', arrived: false, hops, broken }
  const text = renderHops(view, { paint: plain, width: 80 })
  expect(text).toMatch(/^traces {2}lost\n {2}✓ app +it ran to its end \(exit code\)\n {2}✗ processor filter\/health /)
  expect(text).toContain('\n  → otel-lab restart otel-collector')
  for (const width of [60, 80]) {
    const lines = renderHops(view, { paint: plain, width }).split('\n')
    expect(Math.max(...lines.map(widthOf))).toBeLessThanOrEqual(width)
  }
})

test('a name of several words that is too long for its column goes on below', () => {
  const name = '● queue and export otlp_grpc/tempo'
  const out = renderWaterfall([{ id: 'a', name, start: 0, end: 10 }], { width: 60, paint: plain }).split('\n')
  expect(out[1]).toMatch(/^● queue and export +█+/)
  expect(out[2]).toBe('  otlp_grpc/tempo')
})
