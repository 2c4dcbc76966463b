import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { apply, check } from '../../src/commands/exercise/service.ts'
import { timeOfDay } from '../../src/exercises/observe.ts'
import { delaysOf, durationsOf, type Moments, momentsOf, type Reading } from '../../src/exercises/readings.ts'
import { type Attempt, checkAttempt, driveAttempt, type Exercise } from '../../src/exercises.ts'
import { impatient, type RunningLab, runningLab } from '../support/exercise-lab.ts'

// Real runs on whatever machine this is.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })

let running: RunningLab
let exercise: Exercise
let earlier: Attempt
let attempt: Attempt
let moments: Moments
let durations: Reading[]
let delays: Reading[]
beforeAll(async () => {
  running = await runningLab()
  exercise = running.exercises[1]!
  earlier = await driveAttempt(running.lab, exercise.drive)
  attempt = await driveAttempt(running.lab, exercise.drive)
  moments = (await momentsOf({ lab: running.lab, attempt }))!
  durations = await durationsOf({ lab: running.lab, attempt })
  delays = delaysOf(moments)
})
afterAll(() => running?.close())

// biome-ignore lint/suspicious/noExplicitAny: results by their id, looked into by matchers
type Judged = Record<string, any>
const judge = async (answers: Record<string, string>, of = attempt) => {
  const { results, verdict } = await checkAttempt(impatient(running.lab), exercise, { ...of, answers })
  return { verdict, ...Object.fromEntries(results.map((result) => [result.id, result])) } as Judged
}

test('the lab measures by id and by search, both after the work was done', () => {
  expect(attempt.sightings.map(({ way }) => way).sort()).toEqual(['by-id', 'by-search'])
  expect(moments.byId!).toBeGreaterThan(moments.processed)
  // Tempo cuts a trace only when it was idle for a second.
  expect(moments.bySearch! - moments.byId!).toBeGreaterThan(500)
})

test('as shipped it fails: nothing is answered yet', async () => {
  const report = await judge({})
  expect(report.verdict).toBe('failed')
  expect(report.trace.verdict).toBe('passed')
  for (const id of ['app', 'appeared', 'delay']) {
    expect(report[id]).toMatchObject({ case: 'unanswered', next: expect.stringContaining(`--answer ${id}=...`) })
  }
})

test('every right reading passes, in any unit', async () => {
  const seconds = (ms: number) => `${(ms / 1000).toFixed(2)} s`
  for (const { ms } of durations) expect((await judge({ app: seconds(ms) })).app.verdict).toBe('passed')
  for (const { ms } of delays) expect((await judge({ delay: `${Math.round(ms)}ms` })).delay.verdict).toBe('passed')
  for (const at of [moments.byId!, moments.bySearch!]) {
    expect((await judge({ appeared: timeOfDay(at) })).appeared.verdict).toBe('passed')
    expect((await judge({ appeared: seconds(at - moments.started) })).appeared.verdict).toBe('passed')
  }
})

test('what people get wrong has its own words', async () => {
  const longest = Math.max(...durations.map(({ ms }) => ms))
  const shown = moments.bySearch! - moments.started
  const wrong = async (id: string, text: string) => {
    const result = (await judge({ [id]: text }))[id]
    expect(result).toMatchObject({ verdict: 'failed', seen: expect.stringContaining(text), next: expect.any(String) })
    return result.case
  }
  // Of what a number can mean only what the attempt allows: no guess, and no reason to ask.
  expect((await judge({ app: String(Math.round(longest)) })).app.verdict).toBe(longest > 60 ? 'passed' : 'failed')
  expect(await wrong('app', '5000000')).toBe('no-unit')
  expect(await wrong('appeared', '14:03')).toBe('no-seconds')
  expect(await wrong('appeared', '25:61:99')).toBe('no-such-time')
  expect(await wrong('app', '90s')).toBe('wrong')
  expect(await wrong('app', 'quick')).toBe('no-number')
  if (shown > longest * 1.3 + 700) expect(await wrong('app', `${Math.round(shown)}ms`)).toBe('until-visible')
  expect(await wrong('appeared', timeOfDay(attempt.startedAt - 60_000))).toBe('before-attempt')
  expect(await wrong('appeared', timeOfDay(attempt.endedAt + 60_000))).toBe('wrong')
  expect(await wrong('delay', '15s')).toBe('scrape')
  if (delays.every(({ ms }) => ms >= 50)) expect(await wrong('delay', '0s')).toBe('instant')
  expect(await wrong('delay', '3 min')).toBe('wrong')
})

test('the moment and the delay must fit together', async () => {
  const { byId, bySearch, exited } = moments as Required<Moments>
  const delay = (at: number) => `${((at - exited) / 1000).toFixed(1)}s`
  for (const at of [byId, bySearch]) {
    const { delay: judged } = await judge({ appeared: timeOfDay(at), delay: delay(at) })
    expect(judged, `${timeOfDay(at)} ${delay(at)}`).toMatchObject({ verdict: 'passed' })
  }
  // Each of them would pass alone.
  const later = bySearch + 900
  const short = Math.max(0, Math.min(...delays.map(({ ms }) => ms)) - 200)
  if (later - short - Math.max(exited, moments.processed) > 1_000 + Math.max(300, short * 0.2)) {
    const answers = { appeared: new Date(later).toISOString(), delay: `${Math.round(short)}ms` }
    if (short >= 50) expect((await judge(answers)).delay.case).toBe('no-fit')
  }
})

test("another run's answers, and another run's trace, pass nothing", async () => {
  const { answers } = { answers: { app: '90s', appeared: timeOfDay(moments.bySearch! + 3_600_000), delay: '200s' } }
  expect((await judge(answers, earlier)).verdict).toBe('failed')
  const forged = { ...attempt, traces: earlier.traces, answers }
  const report = await judge(answers, forged)
  expect(report.trace.verdict).toBe('slow')
  expect(report.app.case).toBe('trace-gone')
  expect(report.delay.case).toBe('trace-gone')
})

test('the open attempt takes answers one at a time; --apply reads them off', async () => {
  const { lab, progress, workspace, engine } = running
  const first = await check({ lab, exercise, progress, given: {} })
  expect(first).toMatchObject({ open: ['app', 'appeared', 'delay'], report: { verdict: 'failed' } })
  const right = `${(Math.max(...durations.map(({ ms }) => ms)) / 1000).toFixed(2)}s`
  const wrong = await check({ lab, exercise, progress, given: { app: '90s' } })
  expect(wrong.attempt.runId).toBe(first.attempt.runId)
  expect(wrong.guessesLeft).toBe(2)
  const second = await check({ lab, exercise, progress, given: { app: right } })
  expect(second.open).toEqual(['appeared', 'delay'])
  const { answers } = await apply({ lab, exercise, progress, workspace, engine })
  expect(Object.keys(answers)).toEqual(['app', 'appeared', 'delay'])
  const solved = await check({ lab, exercise, progress, given: {} })
  expect(solved).toMatchObject({ open: [], report: { verdict: 'passed' } })
  expect(solved.attempt.runId).not.toBe(first.attempt.runId)
  // What --apply has done for the learner stays done, on a new attempt.
  const again = await check({ lab, exercise, progress, given: {} })
  expect(again).toMatchObject({ solved: true, report: { verdict: 'passed' } })
  expect(again.attempt.runId).not.toBe(solved.attempt.runId)
})
