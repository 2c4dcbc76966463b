import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { checkKind } from '../../src/exercises/checks/registry.ts'
import { drawValues, fill } from '../../src/exercises/values.ts'
import { type Attempt, checkAttempt, driveAttempt, type Exercise, type ExerciseLab } from '../../src/exercises.ts'
import { impatient, type RunningLab, runningLab } from '../support/exercise-lab.ts'

// Real runs on whatever machine this is.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })

let running: RunningLab
let attempt: Attempt
let stress: Attempt
beforeAll(async () => {
  running = await runningLab()
  attempt = await driveAttempt(running.lab, {
    run: [{ demo: 'normal', files: 1 }],
    watch: ['by-id', 'by-search', 'logs', 'metrics'],
  })
  stress = await driveAttempt(running.lab, { run: [{ demo: 'stress', seed: 3 }] })
})
afterAll(() => running?.close())

const judge = async (
  check: string,
  parameters: object,
  of = attempt,
  lab: ExerciseLab = impatient(running.lab, 4_000),
) => {
  const spec = { id: 'x', check, title: 'a check', ...parameters }
  const values = { run: of.runId, trace: of.traces[0]! }
  const exercise = running.exercises[0]!
  return checkKind(check)!.run({ lab, exercise, attempt: of, answers: {} }, fill(spec, values) as never)
}
const passes = async (check: string, parameters: object, of?: Attempt) =>
  expect(await judge(check, parameters, of), JSON.stringify(parameters)).toMatchObject({ verdict: 'passed' })
const fails = async (check: string, name: string, parameters: object, of?: Attempt) =>
  expect(await judge(check, parameters, of), JSON.stringify(parameters)).toMatchObject({
    verdict: 'failed',
    case: name,
  })

const spans = '{resource.otel_lab.run.id="${run}"}'
const lines = '{service_instance_id="${run}"}'
const series = '{instance="${run}"}'

test('traceql, promql, logql: count, value, labels, every, line, order, distinct', async () => {
  await passes('traceql', {
    query: `${spans} | select(name)`,
    expect: { count: { min: 5 }, labels: { name: 'process_file' } },
  })
  await passes('traceql', { query: '{resource.otel_lab.run.id="${run}" && name="process_file"}', expect: { count: 1 } })
  await fails('traceql', 'count', { query: spans, expect: { count: 1 } })
  await fails('traceql', 'value', { query: spans, expect: { value: { max: 0 } } })
  await fails('traceql', 'labels', { query: `${spans} | select(name)`, expect: { labels: { name: '/^nobody/' } } })
  await fails('traceql', 'empty', { query: '{resource.otel_lab.run.id="${run}" && name="nobody"}' })
  await passes('promql', {
    query: 'neuro_files_processed_total{instance="${run}",status="success"}',
    expect: { value: 1 },
  })
  await passes(
    'promql',
    { query: 'sum(neuro_files_failed_total{instance="${run}"})', expect: { value: { is: 3, tolerance: '5%' } } },
    stress,
  )
  await fails('promql', 'value', {
    query: 'neuro_files_processed_total{instance="${run}",status="success"}',
    expect: { value: 2 },
  })
  await passes(
    'promql',
    { query: `sort(neuro_files_processed_total${series})`, expect: { order: 'ascending' } },
    stress,
  )
  await passes('logql', {
    query: lines,
    expect: { line: 'Processing started', distinct: { label: 'trace_id', count: 1 } },
  })
  await fails('logql', 'line', { query: lines, expect: { line: 'Nobody' } })
  await fails('logql', 'every', { query: lines, expect: { every: { detected_level: 'error' } } })
})

test('none and absent pass only beside proof that the way is open', async () => {
  await passes('logql', { query: `${lines} | detected_level="error"`, expect: { none: true } })
  await fails('logql', 'not-none', { query: `${lines} | detected_level="error"`, expect: { none: true } }, stress)
  await passes('absent', {
    absent: { traceql: '{resource.otel_lab.run.id="${run}" && status=error}' },
    proof: { traceql: spans },
    quiet: 0.5,
  })
  await fails('absent', 'not-none', { absent: { promql: series }, proof: { logql: lines }, quiet: 0.5 })
  const silent: Attempt = { ...attempt, runId: 'r000000none', traces: [`${'0'.repeat(31)}1`] }
  const empty = await judge('absent', { absent: { traceql: spans }, proof: { traceql: spans } }, silent)
  expect(empty.verdict).not.toBe('passed')
})

test('cardinality counts series, and values of a label', async () => {
  await passes('cardinality', { metric: 'neuro_files_processed_total{instance="${run}"}', max: 2 })
  await passes('cardinality', {
    metric: 'neuro_files_processed_total{instance="${run}"}',
    label: 'status',
    max: 2,
    min: 2,
  })
  await fails('cardinality', 'too-many', { metric: series, max: 1 })
})

test('requests counts what came in and what went out, whoever else sends', async () => {
  await passes('requests', { signal: 'traces', min: 1, max: 20 })
  await passes('requests', { signal: 'traces', at: 'exporter', min: 1, max: 20 })
  await fails('requests', 'few', { signal: 'logs', min: 500 })
  const silent: Attempt = { ...attempt, runId: 'r000000none', traces: [] }
  expect((await judge('requests', { signal: 'traces', max: 5 }, silent)).verdict).not.toBe('passed')
})

test('trace and trace-shape: what is missing, elsewhere, extra, misnamed', async () => {
  await passes('trace', { spans: 3 })
  await passes('trace-shape', {
    tree: { span: 'process_file', kind: 'internal', children: [{ span: 'load_file' }, { span: 'write_output' }] },
  })
  await fails('trace-shape', 'missing', { tree: { span: 'process_file', children: [{ span: 'teleport' }] } })
  await fails('trace-shape', 'near-miss', { tree: { span: 'process_file', children: [{ span: 'load-file' }] } })
  await fails('trace-shape', 'wrong-kind', { tree: { span: 'process_file', kind: 'server' } })
  await fails('trace-shape', 'wrong-parent', {
    tree: { span: 'process_file', children: [{ span: 'load_file', children: [{ span: 'smooth' }] }] },
  })
  await fails('trace-shape', 'extra', {
    tree: { span: 'process_file', children: [{ span: 'load_file' }] },
    extra: 'refused',
  })
  await fails('trace-shape', 'attributes', { tree: { span: 'process_file', attributes: { 'file.nmae': '*' } } })
  const drawn = await judge('trace-shape', { tree: { span: 'process_file', children: [{ span: 'load-file' }] } })
  expect(drawn.seen).toMatch(/process_file\n├─ load_file {2}← should be load-file\n/)
})

test('correlation: one id in exemplar, line and trace', async () => {
  const metric = 'neuro_files_failed_total{instance="${run}"}'
  await passes('correlation', { metric, log: `${lines} | detected_level="error"`, trace: 'error' }, stress)
  await passes('correlation', { log: lines, trace: 'any' })
  await fails('correlation', 'no-error-span', { log: lines, trace: 'error' })
})

test('latency: below and above', async () => {
  for (const way of ['by-id', 'by-search', 'logs', 'metrics']) await passes('latency', { way, below: 60 })
  await fails('latency', 'too-late', { way: 'by-search', below: 0.001 })
  await fails('latency', 'too-soon', { way: 'by-search', above: 100 })
})

test('collector-effect: what runs, in which order, with which settings', async () => {
  const of = (more: object) => ({ signal: 'traces', kind: 'processor', type: 'batch', ...more })
  await passes('collector-effect', of({ after: 'memory_limiter' }))
  await passes('collector-effect', of({ settings: { timeout: [100, 1000] } }))
  await passes('collector-effect', of({ type: 'attributes', absent: true }))
  await fails('collector-effect', 'order', of({ before: 'memory_limiter' }))
  await fails('collector-effect', 'settings', of({ settings: { send_batch_size: 7 } }))
  await fails('collector-effect', 'undefined', of({ type: 'attributes' }))
  await fails('collector-effect', 'present', of({ absent: true }))
  await fails('collector-effect', 'other-pipeline', { signal: 'traces', kind: 'exporter', type: 'prometheus' })
  const text = await running.config.read()
  await running.config.write(
    text.replace('[memory_limiter, filter/health, resource, batch]', '[memory_limiter, batch]'),
  )
  await fails('collector-effect', 'not-restarted', of({ type: 'filter', absent: true }))
  await running.config.write(text)
})

test('program: exit code and output; commands at once, and requests under a trace of the lab', async () => {
  const node = (script: string) => [process.execPath, '-e', script]
  const began = Date.now()
  const two = await driveAttempt(running.lab, {
    run: [
      { command: node('setTimeout(() => console.log("first"), 600)'), name: 'a' },
      {
        command: node('setTimeout(() => { console.error("second"); process.exit(3) }, 600)'),
        name: 'b',
        together: true,
      },
    ],
  })
  expect(two.steps.map(({ name, exitCode }) => [name, exitCode])).toEqual([
    ['a', 0],
    ['b', 3],
  ])
  expect(Math.abs(two.steps[0]!.startedAt - two.steps[1]!.startedAt)).toBeLessThan(Date.now() - began)
  await passes('program', { step: 'a', output: '^first$' }, two)
  await passes('program', { step: 'b', exit: [3, 4], not: 'third' }, two)
  await fails('program', 'exit', {}, two)
  await fails('program', 'output', { step: 'a', output: 'second' }, two)
  await fails('program', 'said', { step: 'b', exit: 3, not: 'second' }, two)

  const seen: (string | undefined)[] = []
  const server: Server = createServer((request, response) => {
    seen.push(request.headers.traceparent as string)
    response.end('hello')
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  const { port } = server.address() as AddressInfo
  const asked = await driveAttempt(running.lab, { run: [{ request: `http://127.0.0.1:${port}/`, times: 2 }] })
  server.close()
  expect(seen.map((parent) => parent?.split('-')[1])).toEqual(asked.traces)
  await passes('program', { exit: 200, output: 'hello' }, asked)
})

test('an edge that has happened stays; a level does not', async () => {
  const exercise = (when: 'level' | 'edge') => ({
    ...running.exercises[0]!,
    checks: [{ id: 'e', check: 'program', when, title: 'it has failed once', exit: 7 }],
  })
  const of = (when: 'level' | 'edge', happened: Record<string, string>) =>
    checkAttempt(running.lab, exercise(when) as Exercise, attempt, { happened })
  expect((await of('edge', {})).verdict).toBe('failed')
  expect((await of('edge', { e: 'it ended with 7' })).results[0]).toMatchObject({
    verdict: 'passed',
    seen: 'it happened in an earlier attempt: it ended with 7',
  })
  expect((await of('level', { e: 'it ended with 7' })).verdict).toBe('failed')
})

test('parameters are as good as random, and the same again', () => {
  const spec = {
    city: { one_of: ['a', 'b', 'c'] },
    files: { from: 2, to: 4 },
    word: { letters: 6, per: 'attempt' as const },
  }
  const draw = (learner: string, one: string) => drawValues(spec, { learner, attempt: one })
  expect(draw('ann', '1')).toEqual(draw('ann', '1'))
  expect(draw('ann', '1').word).not.toBe(draw('ann', '2').word)
  expect(draw('ann', '1').city).toBe(draw('ann', '2').city)
  const many = Array.from({ length: 200 }, (_, i) => draw(String(i), 'x'))
  expect(new Set(many.map(({ city }) => city)).size).toBe(3)
  expect(new Set(many.map(({ files }) => files))).toEqual(new Set(['2', '3', '4']))
})
