import { expect, test } from 'vitest'
import { resolveConfig } from '../../../src/collector-config.ts'
import { replay } from '../../../src/embedded/collector/replay.ts'
import { spans } from './support.ts'

interface Out {
  exporter: string
  json: Record<string, { scopeSpans?: { spans: { name: string }[] }[]; scopeMetrics?: { metrics: Counted[] }[] }[]>
}

interface Counted {
  name: string
  sum: {
    aggregationTemporality: number
    dataPoints: { asInt: string; attributes?: { key: string; value: unknown }[] }[]
  }
}

async function through(config: string, ...names: string[]) {
  const { exported, refused } = await replay(config, [{ signal: 'traces', json: spans(...names) }], {})
  const of = (exporter: string) =>
    (exported as Out[]).filter((one) => one.exporter === exporter).flatMap(({ json }) => Object.values(json).flat())
  return {
    refused,
    names: (exporter: string) =>
      of(exporter).flatMap(({ scopeSpans = [] }) => scopeSpans.flatMap((one) => one.spans.map(({ name }) => name))),
    metrics: (exporter: string) =>
      of(exporter).flatMap(({ scopeMetrics = [] }) => scopeMetrics.flatMap(({ metrics }) => metrics)),
  }
}

const routed = (settings: string) => `
receivers: {otlp: {protocols: {grpc: {}}}}
exporters: {debug/a: {}, debug/b: {}, debug/rest: {}}
connectors:
  routing: ${settings}
service:
  pipelines:
    traces/in: {receivers: [otlp], exporters: [routing]}
    traces/a: {receivers: [routing], exporters: [debug/a]}
    traces/b: {receivers: [routing], exporters: [debug/b]}
    traces/rest: {receivers: [routing], exporters: [debug/rest]}
`

test('a table leads spans their ways: the first line that fits has them, a copy leaves them, the rest goes on', async () => {
  const { names } = await through(
    routed(`{default_pipelines: [traces/rest], table: [
      {context: span, condition: 'name == "x"', action: copy, pipelines: [traces/b]},
      {context: span, condition: 'name == "x" or name == "y"', pipelines: [traces/a]},
      {condition: 'span.name == "y"', pipelines: [traces/b]}]}`),
    'x',
    'y',
    'z',
  )
  expect([names('debug/a'), names('debug/b'), names('debug/rest')]).toEqual([['x', 'y'], ['x'], ['z']])
})

test('resources go whole, statements of old are read, and what nobody wants is gone', async () => {
  const table = `{table: [{statement: 'route() where attributes["service.name"] == "app"', pipelines: [traces/a, traces/b]}]}`
  const { names } = await through(routed(table), 'x')
  expect([names('debug/a'), names('debug/b'), names('debug/rest')]).toEqual([['x'], ['x'], []])
  const none = await through(routed(table.replace('"app"', '"other"')), 'x')
  expect([none.names('debug/a'), none.refused]).toEqual([[], []])
})

test('a table that leads nowhere, or cannot be read, is told of where it stands', () => {
  const said = (settings: string) =>
    resolveConfig(routed(settings), {}).diagnostics.find(({ severity }) => severity === 'error')
  const way = '{context: span, condition: \'name == "x"\', pipelines: [traces/nope]}'
  expect(said(`{table: [${way}]}`)).toMatchObject({
    message: 'pipeline not found: missing consumer: "traces/nope"',
    line: 5,
  })
  expect(said('{table: []}')?.message).toBe('connectors::routing: invalid routing table: the routing table is empty')
  const odd = `{table: [{context: span, condition: 'nope == 1', pipelines: [traces/a]}]}`
  expect(said(odd)?.message).toContain('segment "nope" from path "span.nope" is not a valid path')
})

test('forward leads on as it is, and count says how many there were', async () => {
  const { names, metrics } = await through(
    `
receivers: {otlp: {protocols: {grpc: {}}}}
exporters: {debug: {}, debug/counts: {}}
connectors:
  forward: {}
  count:
    spans:
      all: {description: every span}
      x: {conditions: ['name == "x"']}
      by.status: {attributes: [{key: http.status}, {key: service.name}, {key: none, default_value: nothing}]}
      lacking: {attributes: [{key: nope}]}
service:
  pipelines:
    traces: {receivers: [otlp], exporters: [forward, count]}
    traces/on: {receivers: [forward], exporters: [debug]}
    metrics: {receivers: [count], exporters: [debug/counts]}
`,
    'x',
    'y',
    'z',
  )
  expect(names('debug')).toEqual(['x', 'y', 'z'])
  const counted = metrics('debug/counts')
  const points = counted.map(({ name, sum }) => [name, sum.dataPoints.map(({ asInt }) => asInt)])
  expect(points).toEqual([
    ['all', ['3']],
    ['x', ['1']],
    ['by.status', ['3']],
  ])
  expect(counted[2]!.sum.dataPoints[0]!.attributes!.map(({ key }) => key)).toEqual([
    'http.status',
    'service.name',
    'none',
  ])
})
