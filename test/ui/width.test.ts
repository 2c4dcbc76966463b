import { expect, test } from 'vitest'
import { paint } from '../../src/ui/paint.ts'
import { renderTable, tableParts } from '../../src/ui/table.ts'
import { widthOf } from '../../src/ui/width.ts'
import { wrapProse } from '../../src/ui/wrap.ts'

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

const wrapped = (text: string, width: number) => wrapProse(text, width).split('\n')

test('prose goes on under its own text, under a mark and behind a label', () => {
  expect(wrapped('✗ the collector does not answer, and so nothing can be said of what it holds', 40)).toEqual([
    '✗ the collector does not answer, and so',
    '  nothing can be said of what it holds',
  ])
  expect(wrapped("    seen     no span of it in the collector's output", 40)).toEqual([
    '    seen     no span of it in the',
    "             collector's output",
  ])
})

test('a command that is too long can still be copied', () => {
  expect(wrapped('  → otel-lab query loki \'{a="b c"} | x="012"\' --limit 5   the newest five', 40)).toEqual([
    '  → otel-lab query loki \\',
    '      \'{a="b c"} | x="012"\' --limit 5',
    '        the newest five',
  ])
  // Every query language takes a line break for a space.
  expect(wrapped('otel-lab query loki \'{service_name="neuro preprocess"} | detected_level="error"\'', 44)).toEqual([
    'otel-lab query loki \\',
    '  \'{service_name="neuro preprocess"} |',
    '    detected_level="error"\'',
  ])
})

test('a command at the end of prose gets a line of its own; one within stays there', () => {
  expect(wrapped('→ Edit the file, or let it be patched: otel-lab config patch --add-debug-exporter', 50)).toEqual([
    '→ Edit the file, or let it be patched:',
    '    otel-lab config patch --add-debug-exporter',
  ])
  expect(wrapped('→ The answer is in: otel-lab status, or in what otel-lab doctor says', 44)).toEqual([
    '→ The answer is in: otel-lab status, or in',
    '  what otel-lab doctor says',
  ])
})

test('what somebody else wrote stays as it is', () => {
  const line = '  {"level":"INFO","message":"Processing started","file_path":"/a/b"}'
  expect(wrapProse(line, 30)).toBe(line)
})

test('a sentence that begins with a command is no command: it gets no backslash', () => {
  const text = '→ otel-lab run, and look for what came of it: otel-lab query, otel-lab trace, otel-lab logs'
  expect(wrapProse(text, 40)).not.toContain('\\')
  expect(wrapProse('→ otel-lab incident answer HOP:LETTER, or: otel-lab incident answer nothing', 50)).toBe(
    '→ otel-lab incident answer HOP:LETTER, or:\n    otel-lab incident answer nothing',
  )
})
