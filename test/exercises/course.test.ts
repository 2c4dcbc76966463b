import { readdir, readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { parseCourse } from '../../src/course-file.ts'
import { CHECKS } from '../../src/exercises/checks/registry.ts'
import { findExercise, hintAt, loadExercises, openAnswers, parseAnswers } from '../../src/exercises.ts'

const exercises = await loadExercises()

test('exercises and solutions mirror each other', async () => {
  const folders = async (dir: string) => (await readdir(dir)).filter((name) => /^\d\d-/.test(name))
  expect(await folders('exercises')).toEqual(await folders('solutions'))
  expect(exercises.map(({ number }) => number)).toEqual([1, 2, 3])
})

test.each(exercises)('exercise $number is whole: checks, answers, hints and solution fit together', (exercise) => {
  const ids = exercise.checks.map(({ id }) => id)
  expect(new Set(ids).size).toBe(ids.length)
  for (const { check, answer } of exercise.checks) {
    expect(CHECKS[check]).toBeTypeOf('function')
    if (answer !== undefined) expect(exercise.answers?.map(({ key }) => key)).toContain(answer)
  }
  for (const { after } of exercise.hints) if (after) expect(ids).toContain(after.split('/')[0])
  // Somebody who has failed nothing yet gets a hint too.
  expect(exercise.hints.filter(({ after }) => after === undefined).length).toBeGreaterThanOrEqual(2)
  expect(
    Object.keys(exercise.solution.answers ?? {}).every((key) => exercise.answers?.some((one) => one.key === key)),
  ).toBe(true)
  expect(
    openAnswers(exercise, Object.fromEntries(Object.keys(exercise.solution.answers ?? {}).map((key) => [key, 'x']))),
  ).toEqual([])
})

test("an author's slip is told with its line", async () => {
  const schema = JSON.parse(await readFile('exercises/exercise.schema.json', 'utf8'))
  const text = await readFile('exercises/01-watch-spans-pass/exercise.yaml', 'utf8')
  const slip = (from: string, to: string) => () => parseCourse(text.replace(from, to), schema, 'exercise.yaml')
  expect(slip('', '')).not.toThrow()
  expect(slip('minutes: 10', 'minutes: ten')).toThrow('exercise.yaml:4: minutes must be integer')
  expect(slip('demo: normal', 'demo: fast')).toThrow(
    'exercise.yaml:6: attempt.demo must be one of normal, stress, slow',
  )
  expect(slip('title: This', 'titel: This')).toThrow(/exercise\.yaml:9: checks\.0.*(titel|title)/)
})

test('by number, by a part of the name, or told which there are', () => {
  expect(findExercise(exercises, '2').number).toBe(2)
  expect(findExercise(exercises, 'failure').number).toBe(3)
  expect(() => findExercise(exercises, '9')).toThrow(expect.objectContaining({ code: 'no-such-exercise', exit: 2 }))
})

test('answers are KEY=VALUE; a slip says which keys there are', () => {
  const [first, second] = exercises as [(typeof exercises)[0], (typeof exercises)[0]]
  expect(parseAnswers(second, ['app=1.2s', 'appeared = 14:00:01', 'delay=a=b'])).toEqual({
    app: '1.2s',
    appeared: '14:00:01',
    delay: 'a=b',
  })
  for (const slip of ['app', 'app=', '=1', 'dealy=1s']) {
    expect(() => parseAnswers(second, [slip])).toThrow(expect.objectContaining({ code: 'bad-answer', exit: 2 }))
  }
  expect(() => parseAnswers(first, ['app=1'])).toThrow('exercise 1 asks nothing')
  const third = exercises[2]!
  expect(openAnswers(third, { trace: 'x', reason: 'y' })).toEqual([])
  expect(openAnswers(third, { reason: 'y' })).toEqual(['file', 'trace'])
})

test('hints begin with what failed last, and end', () => {
  const { hints } = exercises[0]!
  const last = { at: '', verdict: 'failed' as const, failed: [{ id: 'output', case: 'unused' }] }
  expect(hintAt(hints, 0, last)!.text).toContain('service.pipelines.traces.exporters')
  expect(hintAt(hints, 0, undefined)!.text).not.toContain('service.pipelines.traces.exporters')
  const tiers = [0, 1, 2, 3, 4].map((tier) => hintAt(hints, tier, undefined)?.left)
  expect(tiers).toEqual([2, 1, 0, undefined, undefined])
})
