import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { askByProbe, diagnose, type Signal, settle } from '../../src/diagnosis.ts'
import { newRunId } from '../../src/workload.ts'
import { type DiagnosisLab, diagnosisLab } from './support.ts'

let lab: DiagnosisLab
beforeAll(async () => {
  lab = await diagnosisLab()
}, 60_000)
afterEach(() => lab.mend())
afterAll(() => lab?.close())

interface Kind {
  name: string
  signal: Signal
  env?: Record<string, string>
  /** Shell text of a program of the learner's own; `$OTLP` is the collector's OTLP/HTTP door. */
  program?: string
  edit?: ['otel-collector' | 'prometheus' | 'tempo' | 'loki', from: string, to: string][]
  hop: string
  fault: string
  says: RegExp
  next: RegExp
}

const span = (more: string, attributes = '') =>
  `fetch(process.env.OTLP+'/v1/traces',{method:'POST',headers:{'content-type':'application/json'},body:JSON.stringify({resourceSpans:[{resource:{attributes:[{key:'service.name',value:{stringValue:'mine'}}${attributes}]},scopeSpans:[{spans:[{traceId:ID,spanId:'00f067aa0ba902b7',name:'work',kind:1,${more}}]}]}]})})`
const RUN = `,{key:'otel_lab.run.id',value:{stringValue:/run.id=([^,]*)/.exec(process.env.OTEL_RESOURCE_ATTRIBUTES)[1]}}`
const times = (ms: string) => `startTimeUnixNano:String(${ms})+'000000',endTimeUnixNano:String(${ms})+'000000'`
const node = (code: string) =>
  `const ID=require('crypto').randomBytes(16).toString('hex');console.log(JSON.stringify({message:'go',trace_id:ID}));${code}`

const KINDS: Kind[] = [
  {
    name: 'a program that leaves the run id out',
    signal: 'traces',
    program: node(span(times('Date.now()'))),
    hop: 'receiver',
    fault: 'run-id-missing',
    says: /1 span of it, but without the run id/,
    next: /merge its resource/,
  },
  {
    name: 'a program with a wrong clock',
    signal: 'traces',
    program: node(span(times('(Date.now()-3*3600*1000)'), RUN)),
    hop: 'query',
    fault: 'clock-skew',
    says: /3 h before they came/,
    next: /--start/,
  },
  {
    name: 'a program that posts to a path that is none',
    signal: 'traces',
    program: `fetch(process.env.OTLP+'/v1/trace',{method:'POST'}).then((r)=>console.error('otlp exporter: export failed with HTTP 404'))`,
    hop: 'export',
    fault: 'not-delivered',
    says: /export failed with HTTP 404/,
    next: /otel-lab doctor/,
  },
  {
    name: 'a program without any telemetry',
    signal: 'logs',
    program: '0',
    hop: 'export',
    fault: 'nothing-sent',
    says: /nothing of this run came/,
    next: /OTEL_LOGS_EXPORTER=console/,
  },
  {
    name: 'a parent from elsewhere',
    signal: 'traces',
    env: { TRACEPARENT: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01' },
    hop: 'sampling',
    fault: 'remote-parent',
    says: /joined trace 4bf92f3577b34da6a3ce929d0e0e4736, which TRACEPARENT names/,
    next: /unset TRACEPARENT/,
  },
  {
    name: 'a ratio that keeps next to nothing',
    signal: 'traces',
    env: { OTEL_TRACES_SAMPLER: 'parentbased_traceidratio', OTEL_TRACES_SAMPLER_ARG: '0.0001' },
    hop: 'sampling',
    fault: 'not-sampled',
    says: /keeps 0.01 of 100 traces/,
    next: /unset OTEL_TRACES_SAMPLER OTEL_TRACES_SAMPLER_ARG/,
  },
  {
    name: 'a protocol that there is not',
    signal: 'metrics',
    env: { OTEL_EXPORTER_OTLP_PROTOCOL: 'http', OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9' },
    hop: 'export',
    fault: 'protocol-unknown',
    says: /grpc, http\/protobuf, http\/json/,
    next: /unset OTEL_EXPORTER_OTLP_PROTOCOL/,
  },
  {
    name: 'a password in an endpoint is not told',
    signal: 'logs',
    env: { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://me:hunter2@127.0.0.1:9' },
    hop: 'export',
    fault: 'endpoint-wrong',
    says: /^(?!.*hunter2).*\*\*\*@127/s,
    next: /unset OTEL_EXPORTER_OTLP_ENDPOINT/,
  },
  {
    name: 'a connector in the place of the exporter swallows the traces',
    signal: 'traces',
    edit: [
      [
        'otel-collector',
        'exporters:\n  otlp_grpc/tempo',
        'connectors:\n  span_metrics: {histogram: {unit: s}}\nexporters:\n  otlp_grpc/tempo',
      ],
      ['otel-collector', 'exporters: [otlp_grpc/tempo]', 'exporters: [span_metrics]'],
      ['otel-collector', 'metrics:\n      receivers: [otlp]', 'metrics:\n      receivers: [otlp, span_metrics]'],
    ],
    hop: 'exporter',
    fault: 'no-exporter',
    says: /exports to span_metrics, and so to no Tempo/,
    next: /config patch --add service.pipelines.traces.exporters=otlp_grpc\/tempo/,
  },
  {
    name: 'logs to Tempo',
    signal: 'logs',
    edit: [['otel-collector', 'http://loki:3100/otlp', 'http://tempo:4318']],
    hop: 'exporter',
    fault: 'send-failed',
    says: /404/,
    next: /endpoint/,
  },
  {
    name: 'a page that forgets before Prometheus comes',
    signal: 'metrics',
    edit: [
      ['otel-collector', 'enable_open_metrics: true', 'metric_expiration: 1s'],
      ['prometheus', 'scrape_interval: 1s', 'scrape_interval: 10m'],
    ],
    hop: 'scrape',
    fault: 'page-expires',
    says: /shows a metric for 1 s .*every 10m/,
    next: /metric_expiration=5m/,
  },
  {
    name: 'two pages, and the jobs visit the other one',
    signal: 'metrics',
    edit: [
      ['otel-collector', '  otlp_http/loki:', '  prometheus/2: {endpoint: 0.0.0.0:8890}\n  otlp_http/loki:'],
      ['otel-collector', 'exporters: [prometheus]', 'exporters: [prometheus/2]'],
    ],
    hop: 'scrape',
    fault: 'no-scrape-job',
    says: /visits otel-collector:8890 \(prometheus\/2\)/,
    next: /prometheus\.yml/,
  },
  {
    name: 'several at once: the first in the flow is named',
    signal: 'traces',
    edit: [
      ['otel-collector', 'IsMatch(span.name, ".*health.*")', 'span.name != ""'],
      ['otel-collector', 'endpoint: tempo:4317', 'endpoint: tempoo:4317'],
    ],
    hop: 'processor',
    fault: 'drops',
    says: /filter\/health dropped all \d+ spans of this run.*; its conditions: .*span\.name != ""/,
    next: /filter\/health in .*otel-collector-config\.yaml:\d+/,
  },
  {
    name: 'a pipeline of logs/2 alone',
    signal: 'logs',
    edit: [
      [
        'otel-collector',
        '    logs:\n      receivers: [otlp]\n      processors: [memory_limiter, resource, batch]',
        '    logs/2:\n      receivers: [otlp]\n      processors: [memory_limiter, filter/mine, batch]',
      ],
      [
        'otel-collector',
        '  resource: #',
        '  filter/mine: {log_conditions: ["log.severity_number >= 0"]}\n  resource: #',
      ],
    ],
    hop: 'processor',
    fault: 'drops',
    says: /filter\/mine dropped all \d+ log records/,
    next: /service\.pipelines\.logs\/2\.processors=filter\/mine/,
  },
]

test.each(KINDS)('$name', async ({ signal, env = {}, program, edit = [], hop, fault, says, next }) => {
  const services = [...new Set(edit.map(([service]) => service))]
  for (const service of services) {
    await lab.edit(service, (text) =>
      edit
        .filter(([one]) => one === service)
        .reduce((now, [, from, to]) => {
          expect(now).toContain(from)
          return now.replace(from, to)
        }, text),
    )
  }
  const { otlpHttp } = (await lab.ports()).endpoints
  const command = program === undefined ? {} : { command: [process.execPath, '-e', program] }
  const run = await lab.run({ env: { ...env, OTLP: otlpHttp!.url }, ...command })
  const found = await lab.settled(run, signal, ({ broken }) => broken?.fault === fault)
  expect(found.broken, JSON.stringify(found, undefined, 1)).toMatchObject({ hop, fault })
  expect(found.broken!.seen.replaceAll('\n', ' ')).toMatch(says)
  expect(found.broken!.next).toMatch(next)
})

test('a second way that drops or fails does not speak against what arrived by the first', async () => {
  await lab.edit('otel-collector', (text) =>
    text
      .replace('  resource: #', '  filter/errors: {log_conditions: ["log.severity_number < 17"]}\n  resource: #')
      .replace(
        '  otlp_http/loki:',
        '  otlp_grpc/away: {endpoint: "nowhere:4317", tls: {insecure: true}}\n  otlp_http/loki:',
      )
      .replace('exporters: [otlp_grpc/tempo]', 'exporters: [otlp_grpc/away, otlp_grpc/tempo]')
      .replace(
        '  pipelines:\n',
        '  pipelines:\n    logs/errors: {receivers: [otlp], processors: [filter/errors], exporters: [otlp_http/loki]}\n',
      ),
  )
  const run = await lab.run()
  for (const signal of ['traces', 'logs'] as const) {
    const found = await lab.settled(run, signal)
    expect(found.arrived).toBe(true)
    expect(found.broken).toBeUndefined()
  }
  const { hops } = await lab.diagnose(run, 'logs')
  expect(hops.find(({ id }) => id === 'filter/errors')).toMatchObject({ state: 'dropped', pipeline: 'logs/errors' })
})

test('a tenant that nobody names: the backend is quoted, and what it means is said', async () => {
  const server = createServer((_, answer) => answer.writeHead(401, { 'content-type': 'text/plain' }).end('no org id\n'))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  try {
    const { port } = server.address() as AddressInfo
    await lab.edit('otel-collector', (text) => text.replace('http://loki:3100/otlp', `http://127.0.0.1:${port}`))
    const { broken } = await lab.settled(await lab.run(), 'logs')
    expect(broken).toMatchObject({ hop: 'exporter', id: 'otlp_http/loki', fault: 'send-failed' })
    expect(broken!.seen).toContain('401')
    expect(broken!.why).toContain('X-Scope-OrgID')
  } finally {
    server.close()
  }
})

test('the traffic of another program is not taken for the run’s', async () => {
  await lab.run()
  const run = await lab.run({ env: { OTEL_SDK_DISABLED: 'true' } })
  const other = await lab.run()
  const found = await lab.settled(run, 'metrics')
  expect(found).toMatchObject({ arrived: false, broken: { hop: 'sdk' } })
  expect((await lab.settled(other, 'metrics')).broken).toBeUndefined()
})

test('without a look into the collector: what is certain is said, and what is not is unknown, with a way to find out', async () => {
  const ports = await lab.ports()
  const { tap: _, runningConfig: __, ...engine } = ports.engine
  const blind = { ...ports, engine: { ...engine, logs: ports.engine.logs, status: ports.engine.status } }
  const well = await lab.run()
  await lab.settled(well, 'logs')
  const { hops, arrived, broken } = await diagnose(blind, well, 'logs')
  expect({ arrived, broken }).toEqual({ arrived: true, broken: undefined })
  expect(hops.every(({ state }) => state === 'passed')).toBe(true)

  await lab.edit('otel-collector', (text) => text.replace('http://loki:3100/otlp', 'http://loki:3101/otlp'))
  const run = await lab.run()
  const lost = await settle(blind, run, 'logs')
  expect(lost.broken).toMatchObject({
    hop: 'exporter',
    id: 'otlp_http/loki',
    known: ['collector metrics', 'collector log'],
  })
  expect(lost.broken!.seen).toMatch(/could not deliver.*connection refused/)
  const open = lost.hops.filter(
    ({ state }) => state === 'unknown' && ['export', 'receiver', 'processor'].includes(state),
  )
  expect(open.every(({ next }) => next !== undefined)).toBe(true)
})

test('on a stack that runs elsewhere a probe tells where the run died, or that the way is open', async () => {
  const { engine, ...rest } = await lab.ports()
  const elsewhere = {
    ...rest,
    engine: {
      kind: 'external' as const,
      can: { lifecycle: false, logs: false, configure: false },
      logs: engine.logs,
      status: engine.status,
    },
    configFile: async () => undefined,
  }
  const { before: __, ...silent } = await lab.run({ command: [process.execPath, '-e', '0'] })
  const open = await askByProbe(elsewhere, silent, await settle(elsewhere, silent, 'logs'), newRunId)
  expect(open.broken).toMatchObject({ hop: 'export', fault: 'probe-passes', known: ['probe', 'backend'] })

  await lab.edit('otel-collector', (text) => text.replace('http://loki:3100/otlp', 'http://loki:3101/otlp'))
  const { before: _, ...run } = await lab.run()
  const lost = await askByProbe(elsewhere, run, await settle(elsewhere, run, 'logs'), newRunId)
  expect(lost.broken).toMatchObject({ hop: 'exporter', id: 'otlp_http/loki', known: ['collector metrics', 'probe'] })
  expect(lost.broken!.next).not.toContain('otel-lab')
})
