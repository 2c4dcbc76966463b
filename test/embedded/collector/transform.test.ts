import { expect, test } from 'vitest'
import { replay } from '../../../src/embedded/collector/replay.ts'
import { spans } from './support.ts'

const around = (transform: string, more = '') => `
receivers: {otlp: {protocols: {grpc: {}}}}
processors:
  transform:
${transform.replace(/^/gm, '    ')}
exporters: {debug: {}, debug/untouched: {}}
service:
  pipelines:
    traces: {receivers: [otlp], processors: [transform], exporters: [debug]}
${more}`

interface Group {
  resource: { attributes: unknown[] }
  scopeSpans: { spans: { name: string; attributes: { key: string; value: unknown }[] }[] }[]
}

async function through(config: string, ...names: string[]) {
  const log: string[] = []
  const { exported, refused } = await replay(config, [{ signal: 'traces', json: spans(...names) }], {}, (line) =>
    log.push(line),
  )
  const of = (exporter: string) =>
    exported
      .filter((one) => one.exporter === exporter)
      .flatMap(({ json }) => (json as { resourceSpans: Group[] }).resourceSpans)
  const found = of('debug').flatMap(({ scopeSpans }) => scopeSpans.flatMap((scope) => scope.spans))
  return { spans: found, groups: of, refused, log: log.join('\n') }
}

test('flat statements find their context, and what one sets the next one sees', async () => {
  const { spans: got, groups } = await through(
    around(`trace_statements:
  - set(span.name, Concat([span.name, "renamed"], "-")) where span.kind == SPAN_KIND_SERVER
  - set(span.attributes["length"], Len(span.name))
  - set(resource.attributes["seen"], span.name)
  - delete_key(span.attributes, "http.status")`),
    'a',
    'bc',
  )
  expect(got.map(({ name }) => name)).toEqual(['a-renamed', 'bc-renamed'])
  expect(got[1]!.attributes).toEqual([{ key: 'length', value: { intValue: '10' } }])
  expect(groups('debug')[0]!.resource.attributes).toContainEqual({ key: 'seen', value: { stringValue: 'bc-renamed' } })
})

test('a group has a context, conditions of which one must hold, and an error mode', async () => {
  const { spans: got, log } = await through(
    around(`error_mode: silent
trace_statements:
  - context: span
    conditions: ['name == "b"', 'name == "c"']
    statements: ['set(attributes["chosen"], true)']
  - context: span
    error_mode: ignore
    statements: ['set(attributes["n"], Int(attributes["http.status"]) / 0)', 'set(attributes["after"], 1)']
  - context: span
    statements: ['set(attributes["x"], SHA256(kind))']`),
    'a',
    'b',
  )
  const keys = got.map(({ attributes }) => attributes.map(({ key }) => key))
  expect(keys).toEqual([
    ['http.status', 'after'],
    ['http.status', 'chosen', 'after'],
  ])
  expect(log).toContain('failed to execute statement')
  expect(log).toContain('attempted to divide by 0')
  expect(log).not.toContain('SHA256')
})

test('propagate refuses the payload', async () => {
  const { refused, spans: got } = await through(
    around(`error_mode: propagate
trace_statements: ['set(span.attributes["n"], 1 / 0)']`),
    'a',
  )
  expect(refused[0]!.said).toBe(
    'failed to execute statement: set(span.attributes["n"], 1 / 0), attempted to divide by 0',
  )
  expect(got).toEqual([])
})

test('what it changes is its own: another pipeline has the spans as they came', async () => {
  const { groups, spans: got } = await through(
    around(
      'trace_statements: [\'set(span.name, "changed")\', \'set(resource.attributes["service.name"], "changed")\']',
      '    traces/untouched: {receivers: [otlp], exporters: [debug/untouched]}',
    ),
    'a',
  )
  expect(got[0]!.name).toBe('changed')
  expect(JSON.stringify(groups('debug/untouched'))).not.toContain('changed')
})

test('a metric that a statement adds is gone over too, and one that copies its copies for ever is refused', async () => {
  const config = (statement: string) => `
receivers: {otlp: {protocols: {grpc: {}}}}
processors: {transform: {metric_statements: [{context: metric, statements: ['${statement}']}]}}
exporters: {debug: {}}
service: {pipelines: {metrics: {receivers: [otlp], processors: [transform], exporters: [debug]}}}
`
  const dataPoints = [{ timeUnixNano: '5', asInt: '1' }]
  const metrics = [{ name: 'm', sum: { aggregationTemporality: 2, isMonotonic: true, dataPoints } }]
  const json = { resourceMetrics: [{ scopeMetrics: [{ metrics }] }] }
  const put = (statement: string) => replay(config(statement), [{ signal: 'metrics', json }], {})
  const { exported } = await put('copy_metric(name=Concat([name, "c"], "")) where name == "m" or name == "mc"')
  expect([...JSON.stringify(exported[0]!.json).matchAll(/"name":"(m\w*)"/g)].map(([, name]) => name)).toEqual([
    'm',
    'mc',
    'mcc',
  ])
  const endless = await put('copy_metric()')
  expect(endless.exported).toEqual([])
  expect(endless.refused[0]!.said).toMatch(/without an end/)
})
