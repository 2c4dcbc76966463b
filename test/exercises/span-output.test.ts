import { expect, test } from 'vitest'
import { printedSpans } from '../../src/exercises/span-output.ts'

const OURS = '0af7651916cd43dd8448eb211c80319c'
const OTHER = '11f7651916cd43dd8448eb211c80319c'

const detailed = (traceId: string) => `2026-01-01T00:00:00.000Z\tinfo\tResourceSpans #0
ScopeSpans #0
Span #0
    Trace ID       : ${traceId}
    Parent ID      : 
    ID             : b7ad6b7169203331
    Name           : process_file
`

test('spans as detailed and normal print them', () => {
  expect(printedSpans(detailed(OURS), [OURS]).traces).toEqual(new Set([OURS]))
  const normal = `ScopeTraces #0 neuro\nprocess_file ${OURS} b7ad6b7169203331 file.path=/x\nload ${OTHER} b7ad6b7169203332\n`
  expect(printedSpans(normal, [OURS])).toMatchObject({ traces: new Set([OURS]), others: new Set([OTHER]) })
})

test('as one line of JSON', () => {
  const json = JSON.stringify({ level: 'info', msg: detailed(OURS) })
  expect(printedSpans(json, [OURS]).traces).toEqual(new Set([OURS]))
})

test('another trace is named as other; a count alone is no span', () => {
  expect(printedSpans(detailed(OTHER), [OURS])).toMatchObject({ traces: new Set(), others: new Set([OTHER]) })
  const basic =
    '2026-01-01T00:00:00Z\tinfo\tTraces\t{"otelcol.component.id": "debug", "resource spans": 1, "spans": 8}\n'
  expect(printedSpans(basic, [OURS])).toMatchObject({ traces: new Set(), others: new Set(), counts: 1 })
})

test('a log record or an exemplar of the same trace is no span', () => {
  const log = `LogRecord #0\nSeverityText: INFO\nBody: Str(done)\nTrace ID: ${OURS}\nSpan ID: b7ad6b7169203331\nFlags: 1\n`
  const exemplar = `Exemplar #0\n     -> Trace ID: ${OURS}\n     -> Span ID: b7ad6b7169203331\n`
  const json = `Body: Str({"trace_id":"${OURS}","span_id":"b7ad6b7169203331"})\n`
  expect(printedSpans(log + exemplar + json, [OURS]).traces).toEqual(new Set())
})
