import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { parseCourse } from '../../src/course-file.ts'
import { CHECK_KINDS } from '../../src/exercises/checks/registry.ts'
import { exerciseFormat } from '../../src/exercises/format.ts'
import { publishedFiles } from '../../src/exercises/published.ts'
import { findExercise, hintAt, loadCourse, openAnswers, parseAnswers } from '../../src/exercises.ts'

const course = await loadCourse()
const { exercises } = course
const temp = await mkdtemp(join(tmpdir(), 'otel-lab-course-'))
afterAll(() => rm(temp, { recursive: true, force: true }))

test('exercises and solutions mirror each other, and none is broken', async () => {
  const folders = async (dir: string) => (await readdir(dir)).filter((name) => /^\d\d-/.test(name))
  expect(await folders('exercises')).toEqual(await folders('solutions'))
  expect(course.broken).toEqual([])
  // Checked in full under another name: of what is known to be as shipped the loader does not ask.
  expect((await loadCourse(process.cwd(), 'again')).broken).toEqual([])
  expect(exercises.slice(0, 3).map(({ number }) => number)).toEqual([1, 2, 3])
})

test('schemas and digests are as the sources say: else run npm run build', async () => {
  for (const [path, content] of Object.entries(await publishedFiles('.'))) {
    expect(await readFile(path, 'utf8'), path).toBe(content)
  }
  expect(exercises.filter(({ changed }) => changed)).toEqual([])
})

test('an editor is offered each kind of check with its parameters', async () => {
  const { properties } = JSON.parse(await readFile('exercises/exercise.schema.json', 'utf8'))
  const branches: { properties: Record<string, { const?: string }> }[] = properties.checks.items.oneOf
  expect(branches.map((branch) => branch.properties.check!.const)).toEqual(CHECK_KINDS.map(({ name }) => name))
  for (const [i, { parameters }] of CHECK_KINDS.entries())
    expect(Object.keys(branches[i]!.properties)).toEqual(expect.arrayContaining(Object.keys(parameters)))
})

test.each(exercises)('exercise $number is whole: answers and solution fit together', (exercise) => {
  const solved = Object.keys(exercise.solution.answers ?? {}).map((key) => [key, 'x'])
  expect(openAnswers(exercise, Object.fromEntries(solved))).toEqual([])
})

test("an author's slip is told with its line", async () => {
  const text = await readFile('exercises/01-watch-spans-pass/exercise.yaml', 'utf8')
  const slip = (from: string, to: string) => () => parseCourse(text.replace(from, to), exerciseFormat, 'exercise.yaml')
  expect(slip('', '')).not.toThrow()
  expect(slip('minutes: 10', 'minutes: ten')).toThrow('exercise.yaml:4: minutes must be integer')
  expect(slip('demo: normal', 'demo: fast')).toThrow(
    'exercise.yaml:9: drive.run.0.demo must be one of normal, stress, slow',
  )
  expect(slip('title: This', 'titel: This')).toThrow(/exercise\.yaml:\d+: checks\.0.*(titel|title)/)
  expect(slip('check: trace', 'check: tracce')).toThrow(
    /exercise\.yaml:19: checks\.1\.check tracce does not exist; it must be one of .*trace, trace-shape/,
  )
  expect(slip('prints: spans', 'prints: spam')).toThrow('exercise.yaml:14: checks.0.prints must be one of spans, text')
})

test('what a schema cannot see is told with its line too, and breaks no other exercise', async () => {
  const broken = async (from: string, to: string) => {
    const root = await mkdtemp(join(temp, 'course-'))
    for (const dir of ['exercises', 'solutions'])
      for (const name of ['01-watch-spans-pass', '03-follow-the-failure'])
        await cp(join(dir, name), join(root, dir, name), { recursive: true })
    const file = join(root, 'exercises/03-follow-the-failure/exercise.yaml')
    await writeFile(file, (await readFile(file, 'utf8')).replace(from, to))
    const loaded = await loadCourse(root)
    expect(loaded.exercises.map(({ number }) => number)).toEqual([1])
    expect(() => findExercise(loaded, '3')).toThrow(expect.objectContaining({ code: 'course-broken' }))
    return loaded.broken[0]!.faults.join('\n')
  }
  const at = (line: number) => `exercises/03-follow-the-failure/exercise.yaml:${line}: `
  expect(await broken('{instance="${run}"}', '{instance="x"}')).toContain(
    `${at(10)}checks.0 (metric): the query must name`,
  )
  expect(await broken('id: log', 'id: metric')).toContain('is there twice')
  expect(await broken('answer: reason\n', 'answer: raeson\n')).toMatch(
    /there is no answer raeson; there are file, trace, reason/,
  )
  expect(await broken('after: metric/', 'after: metrik/')).toMatch(/hints\.0\.after: there is no check metrik/)
  expect(await broken('gets: reason/not-understood', 'gets: season/wrong')).toMatch(
    /wrong\.1\.gets: there is no check season/,
  )
  expect(await broken('instance="RUN"', 'instance="${runn}"')).toMatch(/hints: \$\{runn\} is no parameter/)
  expect(await broken('title: Follow', '\ttitle: Follow')).toContain(at(2))
})

test('by number, by a part of the name, or told which there are', () => {
  expect(findExercise(course, '2').number).toBe(2)
  expect(findExercise(course, 'failure').number).toBe(3)
  expect(() => findExercise(course, '9')).toThrow(expect.objectContaining({ code: 'no-such-exercise', exit: 2 }))
})

test('answers are KEY=VALUE; a slip says which keys there are', () => {
  const [first, second, third] = exercises as [(typeof exercises)[0], (typeof exercises)[0], (typeof exercises)[0]]
  expect(parseAnswers(second, ['app=1.2s', 'appeared = 14:00:01', 'delay=a=b'])).toEqual({
    app: '1.2s',
    appeared: '14:00:01',
    delay: 'a=b',
  })
  for (const slip of ['app', 'app=', '=1', 'dealy=1s']) {
    expect(() => parseAnswers(second, [slip])).toThrow(expect.objectContaining({ code: 'bad-answer', exit: 2 }))
  }
  expect(() => parseAnswers(first, ['app=1'])).toThrow('exercise 1 asks nothing')
  expect(() => parseAnswers(second, ['app=1s', 'app=2s'])).toThrow(
    expect.objectContaining({
      code: 'bad-answer',
      exit: 2,
      message: expect.stringContaining('given twice: 1s, and 2s'),
    }),
  )
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
