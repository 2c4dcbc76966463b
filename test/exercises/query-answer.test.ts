import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { readQuery } from '../../src/exercises/answers/query/text.ts'
import { query } from '../../src/exercises/answers/query.ts'
import { driveAttempt } from '../../src/exercises/drive.ts'
import { type Attempt, checkAttempt, type Exercise } from '../../src/exercises.ts'
import { type RunningLab, runningLab } from '../support/exercise-lab.ts'

// Real runs on whatever machine this is.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })

let running: RunningLab
let exercise: Exercise
let attempt: Attempt
beforeAll(async () => {
  running = await runningLab()
  exercise = running.exercises[2]!
  attempt = await driveAttempt(running.lab, { run: [{ demo: 'stress', seed: 1, files: 8 }] })
  await checkAttempt(running.lab, exercise, attempt)
})
afterAll(() => running?.close())

type How = Parameters<typeof query.grade>[2]
async function grade(how: How, text: string, of = attempt) {
  const spec = { id: 'q', check: 'answer', title: 'q', answer: 'q' }
  const filled = { ...how, reference: how.reference.replaceAll('${run}', of.runId) }
  const outcome = await query.grade(
    { lab: running.lab, exercise, attempt: of, answers: {} },
    spec,
    filled,
    text.replaceAll('RUN', of.runId),
  )
  return outcome.verdict === 'passed' ? 'passed' : outcome.case
}

/** More than this run's, here or where there is nothing, whichever is seen first. */
const NOT_ITS_OWN = /other-result|constant/

const FAILED: How = { language: 'promql', reference: 'sum(neuro_files_failed_total{instance="${run}"})' }

test('a query counts by what it gives, however it is written', async () => {
  for (const text of [
    'sum(neuro_files_failed_total{instance="RUN"})',
    'neuro_files_failed_total{instance="RUN"}',
    'sum by (job) (neuro_files_failed_total{instance=~"RUN"})',
    'max(neuro_files_failed_total{instance="RUN"}) or vector(0)',
    `otel-lab query prometheus 'neuro_files_failed_total{instance="RUN"}'`,
  ]) {
    expect(await grade({ ...FAILED }, text), text).toBe('passed')
  }
})

test('what only happens to be right here is not right', async () => {
  const [count] = await running.lab.backends.prometheus.vector(FAILED.reference.replaceAll('${run}', attempt.runId))
  const value = count!.value
  expect(value).toBeGreaterThan(0)
  for (const [text, name] of [
    [`vector(${value})`, 'constant'],
    [String(value), 'constant'],
    [`vector(${value + 5})`, 'other-result'],
    [`sum(neuro_files_failed_total{instance="RUN"}) * 0 + ${value}`, 'other-data'],
    ['sum(neuro_files_failed_total)', NOT_ITS_OWN],
    ['neuro_files_processed_total{instance="RUN"} + 100', 'other-result'],
    ['neuro_files_faild_total{instance="RUN"}', 'other-result'],
    ['sum(neuro_files_failed_total{', 'query-refused'],
    ['', 'empty'],
    [`otel-lab query loki '{a="b"}'`, 'other-backend'],
  ] as const) {
    expect(await grade(FAILED, text), text).toMatch(name)
  }
})

test('log lines and traces are compared as sets', async () => {
  const lines: How = {
    language: 'logql',
    reference: '{service_name="neuro-preprocess", service_instance_id="${run}"} | detected_level="error"',
  }
  expect(await grade(lines, '{service_instance_id="RUN"} | detected_level=~"error|fatal"')).toBe('passed')
  expect(await grade(lines, '{service_instance_id="RUN"} | severity_text="ERROR"')).toBe('passed')
  expect(await grade(lines, '{service_instance_id="RUN"}')).toBe('other-result')
  expect(await grade(lines, '{service_name="neuro-preprocess"} | detected_level="error"')).toMatch(NOT_ITS_OWN)
  const traces: How = {
    language: 'traceql',
    reference: '{resource.otel_lab.run.id="${run}" && status=error}',
    by: 'traces',
  }
  expect(await grade(traces, '{resource.otel_lab.run.id="RUN" && status=error}')).toBe('passed')
  expect(await grade(traces, '{resource.otel_lab.run.id="RUN"} && {status=error}')).toBe('passed')
  expect(await grade(traces, '{resource.otel_lab.run.id="RUN"}')).toBe('other-result')
  expect(await grade(traces, '{status=error}')).toMatch(NOT_ITS_OWN)
  expect(await grade(traces, '{}')).not.toBe('passed')
  const failed = await running.lab.backends.tempo.search(traces.reference.replaceAll('${run}', attempt.runId), {
    limit: 100,
  })
  const ids = failed.map(({ traceId: id }) => `trace:id="${id}"`).join(' || ')
  expect(await grade(traces, `{${ids}}`)).toMatch(NOT_ITS_OWN)
})

test('the query is taken out of what is typed around it', () => {
  const of = (text: string) => {
    const given = readQuery(text, 'promql')
    return given.ok ? given.value : given.case
  }
  expect(of("'up'")).toBe('up')
  expect(of('`up`')).toBe('up')
  expect(of('"up"')).toBe('up')
  expect(of('up{a="b"} or up{c="d"}')).toBe('up{a="b"} or up{c="d"}')
  expect(of("$ otel-lab query prometheus 'up'")).toBe('up')
  expect(of("otel-lab query tempo '{}'")).toBe('other-backend')
  expect(of(`'${'x'.repeat(6000)}'`)).toBe('too-long')
})
