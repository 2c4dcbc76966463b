import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { choiceLines } from '../../src/commands/exercise/view.ts'
import type { AnyAnswerKind } from '../../src/exercises/answer-kind.ts'
import { choice } from '../../src/exercises/answers/choice.ts'
import { number } from '../../src/exercises/answers/number.ts'
import { span } from '../../src/exercises/answers/span.ts'
import { traceId } from '../../src/exercises/answers/trace-id.ts'
import { failuresOf } from '../../src/exercises/failures.ts'
import { type Attempt, checkAttempt, driveAttempt, type Exercise } from '../../src/exercises.ts'
import { type RunningLab, runningLab } from '../support/exercise-lab.ts'

// Real runs on whatever machine this is.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })

let running: RunningLab
let exercise: Exercise
let earlier: Attempt
let attempt: Attempt
beforeAll(async () => {
  running = await runningLab()
  exercise = running.exercises[2]!
  earlier = await driveAttempt(running.lab, { run: [{ demo: 'normal', files: 1 }] })
  attempt = await driveAttempt(running.lab, { run: [{ demo: 'stress', seed: 1, files: 8 }] })
  await checkAttempt(running.lab, exercise, attempt)
})
afterAll(() => running?.close())

async function grade(kind: AnyAnswerKind, how: object, text: string) {
  const spec = { id: 'q', check: 'answer', title: 'q', answer: 'q' }
  const filled = JSON.parse(JSON.stringify(how).replaceAll('${run}', attempt.runId))
  const outcome = await kind.grade({ lab: running.lab, exercise, attempt, answers: {} }, spec, filled, text)
  return outcome.verdict === 'passed' ? 'passed' : `${outcome.free ? 'free: ' : ''}${outcome.case}`
}

test('a number is what a query gives for this attempt', async () => {
  const failed = { of: 'count', language: 'promql', reference: 'sum(neuro_files_failed_total{instance="${run}"})' }
  const { length } = await failuresOf({ lab: running.lab, attempt })
  expect(await grade(number, failed, String(length))).toBe('passed')
  expect(await grade(number, failed, `${length} files`)).toBe('passed')
  expect(await grade(number, failed, String(length + 1))).toBe('wrong')
  expect(await grade(number, failed, 'a few')).toBe('free: no-number')
  const traces = {
    of: 'count',
    language: 'traceql',
    reference: '{resource.otel_lab.run.id="${run}" && nestedSetParent<0}',
    take: 'rows',
  }
  expect(await grade(number, traces, String(attempt.traces.length))).toBe('passed')
})

test('a span is named by id, name or path, and one name for several of which some are right is asked for again', async () => {
  const [failure] = await failuresOf({ lab: running.lab, attempt })
  const { span: failing } = failure!
  expect(await grade(span, { which: 'failing' }, failing.spanId)).toBe('passed')
  expect(await grade(span, { which: 'failing' }, failing.spanId.slice(0, 9))).toBe('passed')
  expect(await grade(span, { which: 'failing' }, 'process_file')).toBe('wrong')
  // Others with this name went well.
  expect(await grade(span, { which: 'failing' }, 'load_file')).toMatch(/free: ambiguous|passed/)
  expect(await grade(span, { which: 'failing' }, 'nothing_like_it')).toBe('no-such-span')
  expect(await grade(span, { which: 'named', name: 'load_file' }, 'process_file > load_file')).toBe('passed')
})

test('a trace id is of this attempt, and of one that failed', async () => {
  const [failure] = await failuresOf({ lab: running.lab, attempt })
  const failed = new Set((await failuresOf({ lab: running.lab, attempt })).map((one) => one.traceId))
  const healthy = attempt.traces.find((id) => !failed.has(id))!
  expect(await grade(traceId, { which: 'failing' }, failure!.traceId)).toBe('passed')
  expect(await grade(traceId, { which: 'failing' }, `00-${failure!.traceId}-${failure!.span.spanId}-01`)).toBe('passed')
  expect(await grade(traceId, { which: 'failing' }, `0x${failure!.traceId.slice(0, 10).toUpperCase()}`)).toBe('passed')
  expect(await grade(traceId, { which: 'failing' }, healthy)).toBe('healthy')
  expect(await grade(traceId, { which: 'any' }, healthy)).toBe('passed')
  expect(await grade(traceId, { which: 'any' }, earlier.traces[0]!)).toBe('stale')
  expect(await grade(traceId, { which: 'any' }, 'f'.repeat(32))).toBe('no-such-trace')
  expect(await grade(traceId, { which: 'any' }, healthy.slice(0, 5))).toBe('free: too-short')
})

test('a choice says what is wrong with it, and is shown with its letter', async () => {
  const choices = [
    { key: 'pull', text: 'Prometheus comes for it', right: true, says: 'It scrapes on a clock.' },
    { key: 'push', text: 'The collector sends it', says: 'That is how traces travel.' },
  ]
  expect(await grade(choice, { choices }, 'a')).toBe('passed')
  expect(await grade(choice, { choices }, 'Prometheus comes for it')).toBe('passed')
  expect(await grade(choice, { choices }, 'push')).toBe('wrong')
  expect(await grade(choice, { choices }, 'a or b')).toBe('free: several')
  expect(choice.lint!({ choices: choices.map(({ right: _, ...one }) => one) })).toEqual([
    'one choice must be right, and 0 are',
  ])
  const asking = {
    ...exercise,
    checks: [{ id: 'q', check: 'answer', title: 'q', answer: 'q', grade: { as: 'choice', choices } }],
  }
  expect(choiceLines(asking, 'q')).toEqual(['      a  Prometheus comes for it', '      b  The collector sends it'])
  expect(choiceLines(exercise, 'reason')).toEqual([])
})
