import { readFile } from 'node:fs/promises'
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { openBackends } from '../../src/backends.ts'
import { apply, check, reset } from '../../src/commands/exercise/service.ts'
import { lookAgain } from '../../src/exercises/evidence.ts'
import { type Attempt, checkAttempt, driveAttempt, type Exercise } from '../../src/exercises.ts'
import { impatient, type RunningLab, runningLab } from '../support/exercise-lab.ts'

// Real runs on whatever machine this is.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })

let running: RunningLab
let exercise: Exercise
let pristine: string
/** Made while the collector ran as shipped. */
let asShipped: Attempt
beforeAll(async () => {
  running = await runningLab()
  exercise = running.exercises[0]!
  pristine = await running.config.read()
  asShipped = await driveAttempt(running.lab, exercise.drive)
})
afterAll(() => running?.close())
beforeEach(() => running.config.write(pristine))

const judge = (attempt: Attempt) => checkAttempt(impatient(running.lab), exercise, attempt)
const fresh = async () => judge(await driveAttempt(running.lab, exercise.drive))

test('as shipped it fails, and says what, why, and what to type', async () => {
  const report = await judge(asShipped)
  expect(report).toMatchObject({ verdict: 'failed', runId: asShipped.runId })
  expect(report.results[0]).toMatchObject({
    verdict: 'failed',
    case: 'no-debug',
    expected: expect.stringContaining('debug exporter'),
    why: expect.stringMatching(/.{20}/),
    next: expect.stringContaining('otel-lab config patch --add-debug-exporter'),
    query: expect.stringContaining(asShipped.traces[0]!),
  })
  expect(report.results[1]).toMatchObject({ verdict: 'passed', traceId: asShipped.traces[0] })
})

const inTraces = (names: string) => (text: string) =>
  text.replace('exporters: [otlp_grpc/tempo]', `exporters: [${names}]`)
const define = (yaml: string) => (text: string) => text.replace('\nexporters:\n', `\nexporters:\n${yaml}\n`)
const all = (...edits: ((text: string) => string)[]) => edits.reduce((text, edit) => edit(text), pristine)

// What learners get wrong; only the file matters, the collector runs on as shipped.
test.each([
  [
    'logging',
    () => all(define('  logging:\n    loglevel: debug'), inTraces('otlp_grpc/tempo, logging')),
    /config migrate/,
  ],
  ['unused', () => all(define('  debug:\n    verbosity: detailed')), /Add debug to the exporters/],
  [
    'other-pipeline',
    () =>
      all(define('  debug:'), (text) =>
        text.replace('exporters: [otlp_http/loki]', 'exporters: [otlp_http/loki, debug]'),
      ),
    /service\.pipelines\.traces/,
  ],
  [
    'not-restarted',
    () => all(define('  debug:\n    verbosity: detailed'), inTraces('otlp_grpc/tempo, debug')),
    /^otel-lab restart otel-collector$/,
  ],
  [
    'config-invalid',
    () => all(define('  debug:\n    verbosity: loud'), inTraces('otlp_grpc/tempo, debug')),
    /config validate/,
  ],
  ['config-invalid', () => all(inTraces('otlp_grpc/tempo, debug')), /config validate/],
  ['config-invalid', () => 'exporters: [\n', /config validate/],
])('in the file alone: %s', async (name, text, next) => {
  await running.config.write(text())
  const { results, verdict } = await judge(asShipped)
  expect(verdict).toBe('failed')
  expect(results[0]).toMatchObject({ case: name, next: expect.stringMatching(next) })
})

test('a collector that only counts is not enough, and an older verbosity is told', async () => {
  const basic = all(define('  debug:'), inTraces('otlp_grpc/tempo, debug'))
  await running.config.restart(basic)
  const attempt = await driveAttempt(running.lab, exercise.drive)
  const report = await judge(attempt)
  expect(report.results[0]).toMatchObject({
    case: 'basic',
    next: expect.stringContaining('exporters.debug.verbosity=detailed'),
  })
  expect(report.results[1]!.verdict).toBe('passed')
  await running.config.write(basic.replace('  debug:\n', '  debug:\n    verbosity: detailed\n'))
  expect((await judge(attempt)).results[0]).toMatchObject({
    case: 'not-restarted',
    next: 'otel-lab restart otel-collector',
  })
})

test('debug in the place of Tempo: the first broken hop is the exporter', async () => {
  await running.config.restart(all(define('  debug:\n    verbosity: detailed'), inTraces('debug')))
  const { verdict, results } = await fresh()
  expect(verdict).toBe('failed')
  expect(results[0]!.verdict).toBe('passed')
  expect(results[1]).toMatchObject({
    case: 'exporter',
    seen: expect.stringContaining('exports to debug'),
    next: 'otel-lab config patch --add service.pipelines.traces.exporters=otlp_grpc/tempo',
    // The trace of the attempt before is there, and is named as what it is.
    stale: expect.stringContaining('do not count'),
  })
})

test.each([
  [
    'another name, one line a span',
    () => all(define('  debug/mine:\n    verbosity: normal'), inTraces('debug/mine, otlp_grpc/tempo')),
  ],
  [
    'a pipeline of its own',
    () =>
      all(define('  debug:\n    verbosity: detailed'), (text) =>
        text.replace(
          '    metrics:\n      receivers: [otlp]',
          '    traces/2:\n      receivers: [otlp]\n      exporters: [debug]\n    metrics:\n      receivers: [otlp]',
        ),
      ),
  ],
])('a right answer: %s', async (_, text) => {
  await running.config.restart(text())
  const report = await fresh()
  expect(report).toMatchObject({ verdict: 'passed' })
  // What an earlier run left in output and Tempo passes nothing.
  await running.config.restart(pristine)
  const later = await fresh()
  expect(later.results[0]).toMatchObject({ verdict: 'failed', case: 'no-debug' })
})

test('--apply passes, its evidence is kept, --reset takes it back', async () => {
  const { lab, workspace, engine, progress } = running
  await running.config.restart(pristine)
  expect(await apply({ lab, exercise, progress, workspace, engine })).toEqual({ changed: true, answers: {} })
  const { report, attempt } = await check({ lab, exercise, progress, given: {} })
  expect(report.verdict).toBe('passed')
  const kept = JSON.parse(await readFile(workspace.statePath('progress.json'), 'utf8'))[exercise.slug]
  expect(kept).toMatchObject({ passedRun: attempt.runId, applied: true, last: { verdict: 'passed' } })
  expect(kept.pass.evidence).toContainEqual({
    check: 'tempo',
    seen: expect.any(String),
    traceId: attempt.traces[0],
    query: expect.any(String),
    link: expect.stringContaining(attempt.traces[0]!),
    digest: expect.stringMatching(/^[0-9a-f]{64}$/),
    traceDigest: expect.stringMatching(/^[0-9a-f]{64}$/),
  })
  // The backend says the same again.
  const again = await lookAgain(lab, kept.pass)
  expect(again.length).toBeGreaterThan(0)
  expect(again.every(({ state }) => state === 'same')).toBe(true)
  expect(await reset({ exercise, progress, workspace, engine })).toEqual({ changed: true, kept: [] })
  expect(await running.config.read()).toBe(pristine)
  expect((await check({ lab, exercise, progress, given: {} })).report.verdict).toBe('failed')
})

test('a backend that is gone is the fault of the lab, not of the learner', async () => {
  const nobody = { url: 'http://127.0.0.1:1' }
  const { tempo } = openBackends({ tempo: nobody, prometheus: nobody, loki: nobody })
  const lab = { ...running.lab, backends: { ...running.lab.backends, tempo } }
  const { verdict, results } = await checkAttempt(impatient(lab), exercise, asShipped)
  expect(verdict).toBe('broken')
  expect(results[1]).toMatchObject({
    verdict: 'broken',
    case: 'backend-unreachable',
    next: expect.stringContaining('otel-lab up'),
  })
})
