import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { ask } from '../../src/exercises/query.ts'
import { driveAttempt } from '../../src/exercises.ts'
import { gradeQuery } from '../../src/quiz/grade-query.ts'
import { type Bank, loadBank } from '../../src/quiz/load.ts'
import { type AskedQuestion, makeQuestions, type QueryQuestion } from '../../src/quiz/make.ts'
import type { ObservedRun } from '../../src/quiz/run.ts'
import { type RunningLab, runningLab } from '../support/exercise-lab.ts'

// Real runs on whatever machine this is.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 180_000 })

let running: RunningLab
let bank: Bank
let run: ObservedRun
let questions: AskedQuestion[]

beforeAll(async () => {
  running = await runningLab()
  bank = await loadBank()
  const { lab } = running
  const before = await driveAttempt(lab, { run: [{ demo: 'stress', files: 4, seed: 8 }] })
  const last = await driveAttempt(lab, { run: [{ demo: 'stress', files: 6, seed: 3 }] })
  run = {
    id: last.runId,
    others: [before.runId],
    ask: (language, query) => ask({ lab, attempt: before }, language, query),
  }
  // Until all of it is there: the last of the metrics, the lines and the spans.
  await vi.waitFor(
    async () => {
      questions = await makeQuestions(bank.made, run)
      expect(questions.map(({ id }) => id)).toEqual(bank.made.map(({ id }) => id))
    },
    { timeout: 60_000, interval: 1_000 },
  )
})
afterAll(() => running?.close())

test('every question that can be made is made: one right choice, at least two others, nothing twice, no hole', () => {
  for (const question of questions) {
    expect(JSON.stringify(question)).not.toMatch(/\$\{(?!run\})/)
    if ('query' in question) continue
    const texts = question.choices.map(({ text }) => text)
    expect(new Set(texts).size, question.id).toBe(texts.length)
    expect(texts.length, question.id).toBeGreaterThanOrEqual(3)
    expect(question.choices.filter(({ right }) => right)).toHaveLength(1)
  }
})

const theQuery = (id: string) => questions.find((one) => one.id === id) as QueryQuestion

test('a reference is right for its own question', async () => {
  for (const question of questions)
    if ('query' in question)
      expect(await gradeQuery(question, question.query.reference.replaceAll('${run}', run.id), run)).toMatchObject({
        right: true,
      })
})

test.each([
  [
    'write-failed-count',
    (id: string): string =>
      `count(neuro_files_failed_total{instance="${id}"}) * 0 + sum(neuro_files_processed_total{instance="${id}",status="failed"})`,
  ],
  [
    'write-error-lines',
    (id: string): string => `{service_name="neuro-preprocess"} | service_instance_id="${id}" | severity_text="ERROR"`,
  ],
  ['write-failed-spans', (id: string): string => `{span:status=error && resource.service.instance.id="${id}"}`],
  ['write-slow-spans', (id: string): string => `{resource.otel_lab.run.id="${id}" && span:duration > 0.3s}`],
  [
    'write-by-status',
    (id: string): string =>
      `sum without (instance, job, otel_scope_name, otel_scope_version) (neuro_files_processed_total{instance="${id}"})`,
  ],
] as const)('%s: another way to say it is right too', async (id, text) => {
  expect(await gradeQuery(theQuery(id), text(run.id), run)).toMatchObject({ right: true })
})

test.each([
  ['write-failed-count', (_: string): string => 'vector(3)', /gives|never was/],
  ['write-failed-count', (_: string): string => 'sum(neuro_files_failed_total)', /gives|never was/],
  ['write-error-lines', (id: string): string => `{service_instance_id="${id}"}`, /gives/],
  ['write-failed-spans', (id: string): string => `{resource.otel_lab.run.id="${id}"`, /refused/],
  ['write-mean', (id: string): string => `sum(neuro_process_duration_seconds_sum{instance="${id}"})`, /gives/],
  ['write-failed-spans', (_: string): string => '', /is no query/],
] as const)('%s: what gives something else is wrong, and is told why', async (id, text, why) => {
  const grade = await gradeQuery(theQuery(id), text(run.id), run)
  expect(grade.right).toBe(false)
  expect(grade.says).toMatch(why)
})

test('telemetry that is gone makes no verdict', async () => {
  const gone = { ...theQuery('write-failed-count'), query: { ...theQuery('write-failed-count').query, run: 'rgone' } }
  expect(await gradeQuery(gone, 'vector(1)', run)).toMatchObject({ right: undefined })
})
