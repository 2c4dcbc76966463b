import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { check } from '../../src/commands/exercise/service.ts'
import { delaysOf, durationsOf, momentsOf } from '../../src/exercises/readings.ts'
import {
  type Attempt,
  checkAttempt,
  driveAttempt,
  type Exercise,
  type ExerciseLab,
  learnerValues,
  loadCourse,
  timeOfDay,
} from '../../src/exercises.ts'
import { type RunningLab, runningLab } from '../support/exercise-lab.ts'

// Real runs on whatever machine this is.
vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 })

let running: RunningLab
let pristine: string
let watchSpans: Exercise
let delay: Exercise
beforeAll(async () => {
  running = await runningLab()
  ;[watchSpans, delay] = running.exercises as [Exercise, Exercise]
  pristine = await running.config.read()
})
afterAll(() => running?.close())

type Change = (text: string) => string
const all =
  (...changes: Change[]): Change =>
  (text) =>
    changes.reduce((before, change) => {
      const after = change(before)
      if (after === before) throw new Error(`a change changes nothing: ${change}`)
      return after
    }, text)
const define =
  (yaml: string): Change =>
  (text) =>
    text.replace('\nexporters:\n', `\nexporters:\n${yaml}\n`)
const traces =
  (list: string): Change =>
  (text) =>
    text.replace('exporters: [otlp_grpc/tempo]', `exporters: ${list}`)
const pipeline =
  (yaml: string): Change =>
  (text) =>
    text.replace('\n    metrics:\n      receivers:', `\n${yaml}\n    metrics:\n      receivers:`)
const detailed = define('  debug:\n    verbosity: detailed')
const both = traces('[otlp_grpc/tempo, debug]')
const replace =
  (from: string, to: string): Change =>
  (text) =>
    text.replace(from, to)

describe('configs with the same effect', () => {
  const configs: [string, Change][] = [
    ['as the solution does it', all(detailed, both)],
    ['debug first', all(detailed, traces('[debug, otlp_grpc/tempo]'))],
    ['verbosity normal', all(define('  debug:\n    verbosity: normal'), both)],
    ['verbosity in quotes', all(define('  debug:\n    verbosity: "detailed"'), both)],
    ['verbosity in single quotes, flow style', all(define("  debug: {verbosity: 'detailed'}"), both)],
    ['as JSON', all(define('  "debug": {"verbosity": "detailed"}'), both)],
    ['another name', all(define('  debug/mine:\n    verbosity: detailed'), traces('[otlp_grpc/tempo, debug/mine]'))],
    [
      'a name with dots and digits',
      all(define('  debug/v2.0_b:\n    verbosity: detailed'), traces('[debug/v2.0_b, otlp_grpc/tempo]')),
    ],
    ['a list over lines', all(detailed, traces('\n        - otlp_grpc/tempo\n        - debug'))],
    [
      'two of them, one basic',
      all(define('  debug:\n  debug/full:\n    verbosity: detailed'), traces('[otlp_grpc/tempo, debug, debug/full]')),
    ],
    [
      'two detailed ones',
      all(
        define('  debug/a:\n    verbosity: detailed\n  debug/b:\n    verbosity: detailed'),
        traces('[debug/a, otlp_grpc/tempo, debug/b]'),
      ),
    ],
    [
      'a pipeline of its own',
      all(detailed, pipeline('    traces/look:\n      receivers: [otlp]\n      exporters: [debug]')),
    ],
    [
      'a pipeline of its own with processors',
      all(
        detailed,
        pipeline(
          '    traces/look:\n      receivers: [otlp]\n      processors: [memory_limiter, batch]\n      exporters: [debug]',
        ),
      ),
    ],
    [
      'in every pipeline',
      all(
        detailed,
        both,
        replace('exporters: [prometheus]', 'exporters: [prometheus, debug]'),
        replace('[otlp_http/loki]', '[otlp_http/loki, debug]'),
      ),
    ],
    [
      'without batch before it',
      all(
        detailed,
        both,
        replace('[memory_limiter, filter/health, resource, batch]', '[memory_limiter, filter/health, resource]'),
      ),
    ],
    [
      'without any processor',
      all(detailed, both, replace('      processors: [memory_limiter, filter/health, resource, batch]\n', '')),
    ],
    [
      'both exporters in a second pipeline only',
      all(
        detailed,
        traces('[debug]'),
        pipeline('    traces/tempo:\n      receivers: [otlp]\n      exporters: [otlp_grpc/tempo]'),
      ),
    ],
    [
      'an anchor and a merge key',
      (text) =>
        `x-full: &full\n  verbosity: detailed\n${all(define('  debug:\n    <<: *full'), both)(text)}`
          .replace('x-full: &full\n  verbosity: detailed\n', '')
          .replace('<<: *full', '<<: &full {verbosity: detailed}'),
    ],
    ['an anchor of another exporter', all(define('  debug/a: &a\n    verbosity: detailed\n  debug: *a'), both)],
    [
      'a merge key over an anchor',
      all(define('  debug/a: &a\n    verbosity: detailed\n  debug:\n    <<: *a\n    sampling_initial: 5'), both),
    ],
    [
      'an aliased list of exporters',
      all(
        detailed,
        traces('&both [otlp_grpc/tempo, debug]'),
        pipeline('    traces/again:\n      receivers: [otlp]\n      exporters: *both'),
      ),
    ],
    [
      'verbosity from the environment, with a default',
      all(define('  debug:\n    verbosity: ${env:LEVEL_OF_DETAIL:-detailed}'), both),
    ],
    [
      'more lines a second than sampling asks for',
      all(define('  debug:\n    verbosity: detailed\n    sampling_initial: 1000\n    sampling_thereafter: 1'), both),
    ],
    [
      'the collector logs as JSON',
      all(detailed, both, replace('      level: info', '      level: info\n      encoding: json')),
    ],
    ['the collector logs at debug', all(detailed, both, replace('      level: info', '      level: debug'))],
    [
      'its own telemetry off',
      all(detailed, both, replace('    metrics:\n      readers:', '    metrics:\n      level: none\n      readers:')),
    ],
    ['no health check', all(detailed, both, replace('  extensions: [health_check]\n', ''))],
    [
      'comments and blank lines',
      all(define('\n  # to see them\n\n  debug: # here\n    verbosity: detailed # all'), both),
    ],
    ['Windows line endings', (text) => all(detailed, both)(text).replaceAll('\n', '\r\n')],
    [
      'another receiver beside it',
      all(
        detailed,
        both,
        replace(
          '\nprocessors:\n',
          '\n  otlp/second:\n    protocols:\n      http:\n        endpoint: 0.0.0.0:4319\n\nprocessors:\n',
        ),
        replace(
          'receivers: [otlp]\n      processors: [memory_limiter, filter',
          'receivers: [otlp, otlp/second]\n      processors: [memory_limiter, filter',
        ),
      ),
    ],
    [
      'the receiver under another name',
      (text) =>
        all(
          detailed,
          both,
        )(text)
          .replace('\nreceivers:\n  otlp:', '\nreceivers:\n  otlp/app:')
          .replaceAll('receivers: [otlp]', 'receivers: [otlp/app]'),
    ],
    [
      'the exporter to Tempo under another name',
      (text) => all(detailed, both)(text).replaceAll('otlp_grpc/tempo', 'otlp_grpc/traces'),
    ],
    [
      'the exporter to Tempo by its older type',
      (text) => all(detailed, both)(text).replaceAll('otlp_grpc/tempo', 'otlp/tempo'),
    ],
    [
      'to Tempo over HTTP',
      (text) =>
        all(
          detailed,
          both,
        )(text)
          .replaceAll('otlp_grpc/tempo', 'otlp_http/tempo')
          .replace('endpoint: tempo:4317', 'endpoint: http://tempo:4318'),
    ],
    [
      'a connector beside it',
      all(
        detailed,
        traces('[otlp_grpc/tempo, debug, span_metrics]'),
        replace('\nservice:\n', '\nconnectors:\n  span_metrics: {}\n\nservice:\n'),
        replace(
          'receivers: [otlp]\n      processors: [memory_limiter, resource, batch]\n      exporters: [prometheus]',
          'receivers: [otlp, span_metrics]\n      processors: [memory_limiter, resource, batch]\n      exporters: [prometheus]',
        ),
      ),
    ],
    [
      'an attributes processor before it',
      all(
        detailed,
        both,
        replace(
          '\nexporters:\n',
          '\n  attributes/seen:\n    actions: [{key: seen, value: true, action: insert}]\n\nexporters:\n',
        ),
        replace(
          'resource, batch]\n      exporters: [otlp',
          'resource, attributes/seen, batch]\n      exporters: [otlp',
        ),
      ),
    ],
    [
      'a file exporter too',
      all(
        define('  debug:\n    verbosity: detailed\n  file:\n    path: spans.json'),
        traces('[otlp_grpc/tempo, debug, file]'),
      ),
    ],
    [
      'no filter',
      all(
        detailed,
        both,
        replace('[memory_limiter, filter/health, resource, batch]', '[memory_limiter, resource, batch]'),
      ),
    ],
    [
      'a tab of its own indentation',
      all(define('    debug:\n        verbosity: detailed'), both, (text) =>
        text.replace('    debug:\n        verbosity', '  debug:\n          verbosity'),
      ),
    ],
  ]

  test.each(configs)('%s', async (_, change) => {
    await running.config.restart(change(pristine))
    const report = await checkAttempt(running.lab, watchSpans, await driveAttempt(running.lab, watchSpans.drive))
    expect(report).toMatchObject({ verdict: 'passed', origin: 'proven' })
  })
})

describe('environments with the same effect', () => {
  beforeAll(() => running.config.restart(all(detailed, both)(pristine)))
  const withEnv = (env: Record<string, string>): ExerciseLab => ({
    ...running.lab,
    run: (request) => running.lab.run({ ...request, step: { ...request.step, env } }),
  })
  test.each<[string, (doors: { grpc: string; http: string }) => Record<string, string>]>([
    ['over HTTP', () => ({ OTEL_EXPORTER_OTLP_PROTOCOL: 'http/protobuf' })],
    ['over HTTP as JSON', () => ({ OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json' })],
    ['to the door itself, by gRPC', ({ grpc }) => ({ OTEL_EXPORTER_OTLP_ENDPOINT: grpc })],
    [
      'to the door itself, by HTTP',
      ({ http }) => ({ OTEL_EXPORTER_OTLP_PROTOCOL: 'http/protobuf', OTEL_EXPORTER_OTLP_ENDPOINT: http }),
    ],
    ['traces alone to the door itself', ({ grpc }) => ({ OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: grpc })],
    [
      'the SDK as slow as by default',
      () => ({ OTEL_BSP_SCHEDULE_DELAY: '5000', OTEL_METRIC_EXPORT_INTERVAL: '60000' }),
    ],
    ['another service name', () => ({ OTEL_SERVICE_NAME: 'mri' })],
    ['attributes of its own', () => ({ OTEL_RESOURCE_ATTRIBUTES: 'team=mri,otel_lab.run.id=mine' })],
    ['no metrics and no logs', () => ({ OTEL_METRICS_EXPORTER: 'none', OTEL_LOGS_EXPORTER: 'none' })],
  ])('%s', async (_, env) => {
    const { otlpGrpc, otlpHttp } = await running.engine.endpoints()
    const lab = withEnv(env({ grpc: otlpGrpc!.url, http: otlpHttp!.url }))
    const report = await checkAttempt(running.lab, watchSpans, await driveAttempt(lab, watchSpans.drive))
    expect(report).toMatchObject({ verdict: 'passed' })
  })
})

describe('answers in other forms', () => {
  let attempt: Attempt
  let forms: Record<string, string[]>
  beforeAll(async () => {
    await running.config.restart(pristine)
    attempt = await driveAttempt(running.lab, delay.drive)
    const scope = { lab: running.lab, attempt }
    const moments = (await momentsOf(scope))!
    const [root] = await durationsOf(scope)
    const [first] = delaysOf(moments)
    const ms = (value: number) => Math.round(value)
    const s = (value: number) => (value / 1000).toFixed(2)
    forms = {
      app: [
        `${s(root!.ms)}s`,
        `${s(root!.ms)} s`,
        `${ms(root!.ms)}ms`,
        `${ms(root!.ms)} milliseconds`,
        `${s(root!.ms).replace('.', ',')} s`,
        `about ${s(root!.ms)} seconds`,
        `PT${s(root!.ms)}S`,
      ],
      appeared: [
        timeOfDay(moments.bySearch!),
        new Date(moments.byId!).toISOString(),
        `${s(moments.bySearch! - moments.started)}s`,
        `+${s(moments.byId! - moments.started)} s`,
      ],
      delay: [`${s(first!.ms)}s`, `${ms(first!.ms)}ms`, `~${s(first!.ms)} sec`],
    }
  })
  test.each(['app', 'appeared', 'delay'])('%s', async (key) => {
    for (const text of forms[key]!) {
      const { results } = await checkAttempt(running.lab, delay, { ...attempt, answers: { [key]: text } })
      expect(
        results.find(({ id }) => id === key),
        text,
      ).toMatchObject({ verdict: 'passed' })
    }
  })
})

describe('programs of the learner', () => {
  let exercise: Exercise
  let city: string
  beforeAll(async () => {
    await running.config.restart(pristine)
    exercise = (await loadCourse('test/exercises/own-course')).exercises[0]!
    city = (await learnerValues(exercise, running.progress)).city!
  })
  const put = async (files: Record<string, string>) => {
    const app = join(running.workspace.root, 'app')
    await rm(app, { recursive: true, force: true })
    await mkdir(app, { recursive: true })
    for (const [name, text] of Object.entries(files)) await writeFile(join(app, name), text.replaceAll('CITY', city))
  }
  const python = (sending: string) => `
import json, os, time, secrets, urllib.request, http.client, sys
def attr(k, v): return {"key": k, "value": {"stringValue": v}}
res = [attr(*p.split("=")) for p in os.environ["OTEL_RESOURCE_ATTRIBUTES"].split(",")] + [attr("service.name", "greeter")]
t, s, now = secrets.token_hex(16), secrets.token_hex(8), time.time_ns()
def span(n, k, sid, **more):
    return {"traceId": t, "spanId": sid, "name": n, "kind": k, "startTimeUnixNano": str(now), "endTimeUnixNano": str(now + 1000000), **more}
greet, lookup = span("greet", 2, s, attributes=[attr("city", "CITY")]), span("lookup", 3, secrets.token_hex(8), parentSpanId=s)
url = os.environ["OTEL_EXPORTER_OTLP_ENDPOINT"]
def body(*spans): return json.dumps({"resourceSpans": [{"resource": {"attributes": res}, "scopeSpans": [{"spans": list(spans)}]}]}).encode()
def post(data): urllib.request.urlopen(urllib.request.Request(url + "/v1/traces", data, {"content-type": "application/json"}))
${sending}
`
  const otlp = () => readFile('test/exercises/own-course/solutions/01-tell-the-city/app/otlp.mjs', 'utf8')
  const programs: [string, () => Promise<Record<string, string>>][] = [
    ['Python, all at once', async () => ({ 'main.py': python('post(body(greet, lookup))') })],
    ['Python, the child first', async () => ({ 'main.py': python('post(body(lookup)); post(body(greet))') })],
    [
      'Python, the parent first and later the child',
      async () => ({ 'main.py': python('post(body(greet)); time.sleep(1); post(body(lookup))') }),
    ],
    [
      'Python, with more spans than were asked for',
      async () => ({
        'main.py': python('post(body(greet, lookup, span("cache", 1, secrets.token_hex(8), parentSpanId=s)))'),
      }),
    ],
    [
      'Python, another trace beside it',
      async () => ({
        'main.py': python(
          'post(body(greet, lookup)); t = secrets.token_hex(16); post(body(span("warm-up", 1, secrets.token_hex(8))))',
        ),
      }),
    ],
    ['Python, sent twice', async () => ({ 'main.py': python('post(body(greet, lookup)); post(body(greet, lookup))') })],
    [
      'Python, by http.client',
      async () => ({
        'main.py': python(
          'c = http.client.HTTPConnection(url.split("//")[1]); c.request("POST", "/v1/traces", body(greet, lookup), {"content-type": "application/json"}); c.getresponse().read()',
        ),
      }),
    ],
    [
      'Python, from a process that it starts',
      async () => ({
        'main.py':
          'import subprocess, sys, os\nsubprocess.run([sys.executable, os.path.join(os.path.dirname(__file__), "child.py")], check=True)',
        'child.py': python('post(body(greet, lookup))'),
      }),
    ],
    [
      'Python, much said on both streams',
      async () => ({
        'main.py': python('print("hello " * 10000); print("oh", file=sys.stderr); post(body(greet, lookup))'),
      }),
    ],
    [
      'JavaScript, a module',
      async () => ({
        'main.mjs': "import { trace } from './otlp.mjs'\nawait trace('greet', 'CITY', 'lookup')",
        'otlp.mjs': await otlp(),
      }),
    ],
    [
      'JavaScript, CommonJS',
      async () => ({
        'main.cjs': "import('./otlp.mjs').then(({ trace }) => trace('greet', 'CITY', 'lookup'))",
        'otlp.mjs': await otlp(),
      }),
    ],
    [
      'JavaScript, late',
      async () => ({
        'main.mjs': "import { trace } from './otlp.mjs'\nsetTimeout(() => trace('greet', 'CITY', 'lookup'), 1500)",
        'otlp.mjs': await otlp(),
      }),
    ],
    [
      'a shell script that calls it',
      async () => ({
        'main.sh': 'exec node "$(dirname "$0")/real.mjs"',
        'real.mjs': "import { trace } from './otlp.mjs'\nawait trace('greet', 'CITY', 'lookup')",
        'otlp.mjs': await otlp(),
      }),
    ],
  ]
  test.each(programs)('%s', async (_, files) => {
    await put(await files())
    const { report } = await check({ lab: running.lab, exercise, progress: running.progress, given: {} })
    expect(report).toMatchObject({ verdict: 'passed', origin: 'proven' })
  })
})
