import { basename } from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { apply, check } from '../../src/commands/exercise/service.ts'
import { type Failure, failuresOf } from '../../src/exercises/failures.ts'
import { type Attempt, checkAttempt, driveAttempt, type Exercise } from '../../src/exercises.ts'
import { impatient, type RunningLab, runningLab } from '../support/exercise-lab.ts'

// Real runs on whatever machine this is.
const seeded: Exercise['drive'] = { run: [{ demo: 'stress', seed: 1 }] }

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })

let running: RunningLab
let exercise: Exercise
let earlier: Attempt
let attempt: Attempt
let failures: Failure[]
beforeAll(async () => {
  running = await runningLab()
  exercise = running.exercises[2]!
  // The same scans break in both, so that only the run tells them apart.
  earlier = await driveAttempt(running.lab, seeded)
  attempt = await driveAttempt(running.lab, seeded)
  await checkAttempt(running.lab, exercise, attempt)
  failures = await failuresOf({ lab: running.lab, attempt })
})
afterAll(() => running?.close())

// biome-ignore lint/suspicious/noExplicitAny: results by their id, looked into by matchers
type Judged = Record<string, any>
const judge = async (answers: Record<string, string>, of = attempt, lab = running.lab): Promise<Judged> => {
  const { results, verdict } = await checkAttempt(lab, exercise, { ...of, answers })
  return { verdict, ...Object.fromEntries(results.map((result) => [result.id, result])) }
}
const nameOf = ({ file }: Failure) => basename(file)

test('as shipped the chain is there, and the question is open', async () => {
  const report = await judge({})
  for (const id of ['metric', 'exemplar', 'log', 'span'])
    expect(report[id]).toMatchObject({ verdict: 'passed', query: expect.any(String) })
  // All three name one and the same trace, one of this run that failed.
  expect(report.log.traceId).toBe(report.exemplar.traceId)
  expect(report.span.traceId).toBe(report.exemplar.traceId)
  expect(failures.map(({ traceId }) => traceId)).toContain(report.exemplar.traceId)
  expect(report.reason).toMatchObject({
    verdict: 'failed',
    case: 'unanswered',
    next: expect.stringContaining('--answer'),
  })
  // What the learner is to find is not told.
  for (const { message } of failures) expect(JSON.stringify(report)).not.toContain(message)
})

test('any failed file will do, by its name or its trace, in their words or its own', async () => {
  expect(failures).toHaveLength(3)
  for (const failure of failures) {
    const subject = nameOf(failure).slice(0, 7)
    for (const answers of [
      { file: nameOf(failure), reason: failure.message },
      { file: subject, reason: failure.type },
      { trace: failure.traceId, reason: `I think it was ${failure.type.replaceAll('-', ' ')}` },
      { trace: failure.traceId.slice(0, 12), file: subject, reason: failure.message },
    ]) {
      expect((await judge(answers)).reason, JSON.stringify(answers)).toMatchObject({
        verdict: 'passed',
        traceId: failure.traceId,
      })
    }
  }
})

test('what people get wrong has its own words', async () => {
  const [one, other] = failures as [Failure, Failure]
  const healthy = attempt.said.find(({ file }) => file && !failures.some((failure) => failure.file === file))!
  const wrong = async (answers: Record<string, string>) => {
    const { reason } = await judge(answers)
    expect(reason).toMatchObject({ verdict: 'failed', next: expect.any(String), seen: expect.any(String) })
    return reason.case
  }
  expect(await wrong({ reason: one.message })).toBe('unanswered')
  expect(await wrong({ file: nameOf(one), reason: 'it failed' })).toBe('only-that')
  expect(await wrong({ file: nameOf(one), reason: other.type })).toBe('other-file')
  expect(await wrong({ file: nameOf(one), reason: 'the moon was full' })).toBe('not-understood')
  expect(await wrong({ file: nameOf(one), reason: 'permission denied' })).toBe('wrong')
  expect(await wrong({ file: nameOf(one), trace: other.traceId, reason: one.message })).toBe('other-trace')
  expect(await wrong({ file: basename(healthy.file!), reason: one.message })).toBe('healthy')
  expect(await wrong({ trace: healthy.traceId!, reason: one.message })).toBe('healthy')
  expect(await wrong({ file: 'sub-999', reason: one.message })).toBe('no-such-file')
  expect(await wrong({ trace: 'f'.repeat(32), reason: one.message })).toBe('no-such-trace')
})

test('nothing passes that fits several files or names several causes, and being asked again is no guess', async () => {
  const heap = 'truncated empty nan dimensions not nifti too large'
  const causes = failures.map(({ type }) => type.replaceAll('-', ' '))
  for (const [answers, name] of [
    [{ file: 'sub-', reason: heap }, 'ambiguous'],
    [{ file: 'sub-*', reason: heap }, 'pattern'],
    [{ file: failures.map(nameOf).join(','), reason: heap }, 'several'],
    [{ trace: failures[0]!.traceId.slice(0, 4), reason: heap }, 'too-short'],
    [{ file: nameOf(failures[0]!), reason: heap }, 'several'],
    [{ file: nameOf(failures[0]!), reason: causes.join(' or ') }, 'several'],
    [{ file: nameOf(failures[0]!), reason: `it is not ${causes[0]}` }, 'denies'],
    [{ file: nameOf(failures[0]!), reason: `is it ${causes[0]}?` }, 'asks'],
  ] as const) {
    const { reason } = await judge(answers)
    expect(reason, JSON.stringify(answers)).toMatchObject({ verdict: 'failed', case: name, free: true })
  }
  const { reason } = await judge({ file: nameOf(failures[0]!), reason: 'permission denied' })
  expect(reason).not.toHaveProperty('free')
})

test("an earlier run's trace is named as stale, though it failed in the same way", async () => {
  const [old] = await failuresOf({ lab: running.lab, attempt: earlier })
  const { reason } = await judge({ trace: old!.traceId, reason: old!.message })
  expect(reason).toMatchObject({ verdict: 'failed', case: 'stale', seen: expect.stringContaining(earlier.runId) })
  // Nor do the stores' older data pass for a run that has sent nothing.
  const silent = { ...attempt, runId: 'r000000none', traces: [`${'0'.repeat(31)}1`] }
  const report = await judge({ trace: old!.traceId, reason: old!.message }, silent, impatient(running.lab))
  expect(report.verdict).not.toBe('passed')
  for (const id of ['metric', 'exemplar', 'log', 'span', 'reason']) expect(report[id].verdict, id).not.toBe('passed')
  expect(report.metric.stale).toMatch(/stale/)
})

test('exemplars that are switched off are the broken link', async () => {
  const config = await running.config.read()
  await running.config.restart(config.replace('enable_open_metrics: true', 'enable_open_metrics: false'))
  try {
    const dark = await driveAttempt(running.lab, seeded)
    const report = await judge({}, dark)
    expect(report.metric.verdict).toBe('passed')
    expect(report.exemplar).toMatchObject({
      verdict: 'failed',
      case: 'no-exemplar',
      next: 'otel-lab config patch --set exporters.prometheus.enable_open_metrics=true',
    })
  } finally {
    await running.config.restart(config)
  }
})

test('who has named a wrong file names another, or a trace instead, and pays once', async () => {
  const { lab, progress } = running
  const first = await check({ lab, exercise, progress, given: {} })
  const [failure] = await failuresOf({ lab, attempt: first.attempt })
  const wrong = await check({ lab, exercise, progress, given: { file: 'sub-999', reason: failure!.message } })
  expect(wrong).toMatchObject({ guessesLeft: 2, report: { verdict: 'failed' } })
  const unclear = await check({ lab, exercise, progress, given: { file: 'sub-' } })
  expect(unclear.guessesLeft).toBe(2)
  const right = await check({ lab, exercise, progress, given: { trace: failure!.traceId } })
  expect(right.report.verdict).toBe('passed')
  expect(right.attempt.runId).toBe(first.attempt.runId)
})

test('each attempt breaks other scans, and its solution passes', async () => {
  const { lab, progress, workspace, engine } = running
  const { answers } = await apply({ lab, exercise, progress, workspace, engine })
  expect(Object.keys(answers)).toEqual(['file', 'trace', 'reason'])
  const { report, attempt: solved } = await check({ lab, exercise, progress, given: {} })
  expect(report.verdict).toBe('passed')
  expect(solved.answers.trace).not.toBe(answers.trace)
})
