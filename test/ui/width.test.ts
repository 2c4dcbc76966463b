import { expect, test } from 'vitest'
import { paint } from '../../src/ui/paint.ts'
import { renderTable, tableParts } from '../../src/ui/table.ts'
import { widthOf, wrapProse } from '../../src/ui/width.ts'

const p = paint({ colour: false })
const columns = ['SERVICE', 'STATE', 'PORTS', 'FOR']
const rows = [
  [
    'otel-collector',
    'ready',
    'grpc\u00a04317, http\u00a04318, metrics\u00a08889, telemetry\u00a08888',
    'takes OTLP in, sends it on',
  ],
  ['loki', 'stopped', 'http\u00a03100', 'logs'],
]

test('a table that is too wide wraps its prose between words', () => {
  expect(renderTable(columns, rows, { paint: p, width: 80 }).split('\n')).toEqual([
    'SERVICE         STATE    PORTS                        FOR',
    'otel-collector  ready    grpc 4317, http 4318,        takes OTLP in, sends it on',
    '                         metrics 8889,',
    '                         telemetry 8888',
    'loki            stopped  http 3100                    logs',
  ])
})

test('where wrapping is not enough, each row becomes lines of its own', () => {
  expect(renderTable(columns, rows, { paint: p, width: 44 }).split('\n')).toEqual([
    'otel-collector  ready',
    '  PORTS grpc 4317, http 4318,',
    '        metrics 8889, telemetry 8888',
    '  FOR takes OTLP in, sends it on',
    'loki  stopped',
    '  PORTS http 3100  FOR logs',
  ])
  expect(tableParts(columns, rows, { paint: p, width: 44 }).body).toHaveLength(2)
})

test.each([40, 60, 80, 120])('no line is longer than %i columns, and no word is cut', (width) => {
  const table = renderTable(columns, rows, { paint: p, width })
  for (const line of table.split('\n')) expect(widthOf(line)).toBeLessThanOrEqual(width)
  for (const word of rows.flat().join(' ').split(/\s+/)) expect(table).toContain(word)
})

test('prose goes on under its own text; what is to be copied stays whole', () => {
  const copied = '  → otel-lab query loki \'{service_name="neuro-preprocess"} | trace_id="0123456789abcdef"\''
  const said = ['✗ the collector does not answer, and so nothing can be said of what it holds', copied].join('\n')
  expect(wrapProse(said, 40).split('\n')).toEqual([
    '✗ the collector does not answer, and so',
    '  nothing can be said of what it holds',
    copied,
  ])
})
