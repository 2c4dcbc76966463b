import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { renderCoverage } from '../../src/commands/course/view.ts'
import { wordsOf } from '../../src/course/hands.ts'
import { commandFault, type KnownCommand } from '../../src/course/known-commands.ts'
import { isComplete, statesOf } from '../../src/course/states.ts'
import { coverageOf, findCourse, lintCourse, newCourse } from '../../src/course.ts'
import { loadCourse } from '../../src/exercises.ts'
import { paint } from '../../src/ui/paint.ts'
import { packageRoot } from '../../src/util/package-root.ts'

let dir: string

beforeEach(async () => {
  dir = join(await mkdtemp(join(tmpdir(), 'otel-lab-course-')), 'mine')
})
afterEach(() => rm(join(dir, '..'), { recursive: true, force: true }))

const edit = async (path: string, from: string, to: string) => {
  const text = await readFile(join(dir, path), 'utf8')
  expect(text).toContain(from)
  await writeFile(join(dir, path), text.replace(from, to))
}
const YAML = 'exercises/01-send-sooner/exercise.yaml'

it('a new course, and the one that is shipped, have no fault to be seen', async () => {
  const files = await newCourse(dir)
  expect(files).toContain('exercises/exercise.schema.json')
  expect(await lintCourse(await loadCourse(dir, 'mine'))).toEqual([])
  expect(await lintCourse(await loadCourse())).toEqual([])
  await expect(newCourse(dir)).rejects.toMatchObject({ code: 'folder-foreign' })
})

describe('course lint', () => {
  beforeEach(async () => {
    await newCourse(dir)
  })
  const faults = async () => (await lintCourse(await loadCourse(dir, 'mine'))).map(({ words }) => words)

  it('finds a hint that lies', async () => {
    await edit(
      YAML,
      'config patch --set processors.batch.timeout=200ms',
      'config path --set processors.batch.timeout=200ms',
    )
    expect(await faults()).toEqual([expect.stringContaining('there is no command config path')])
  })

  it('finds a solution that cannot be typed', async () => {
    await edit('solutions/01-send-sooner/solution.yaml', 'config patch --set', 'config patch --sett')
    expect(await faults()).toEqual([expect.stringContaining('config patch has no --sett')])
  })

  it("asks for other data where a query is graded on a learner's own program, which gives the same each time", async () => {
    const grade = (more: string) =>
      `{ as: query, language: promql, reference: 'sum(scans_total{instance="\${run}"})'${more} }`
    const check = `  - { id: total, check: answer, answer: total, title: The total, expected: the sum of the counter, grade: ${grade('')} }\n`
    await edit(YAML, 'demo: normal\n      files: 1', 'app: app/main')
    await edit(YAML, 'hints:\n', `${check}answers:\n  - { key: total, ask: How many?, form: PromQL }\nhints:\n`)
    const said = async () => (await faults()).filter((words) => words.includes('say others'))
    expect(await said()).toHaveLength(1)
    await edit(YAML, grade(''), grade(', others: [{ run: [{ app: app/main, args: [again] }] }]'))
    expect(await said()).toEqual([])
  })

  it('tells a fault of the format by file and line, and does not lose the others', async () => {
    await edit(YAML, 'minutes: 5', 'minutes: soon')
    expect(await faults()).toEqual([expect.stringMatching(/exercise\.yaml:4: /)])
  })
})

it('says of each competency which exercises serve it, and how they went', async () => {
  const course = await loadCourse()
  const state = { exercise: 20, slug: 'the-first-span', state: 'solved', kind: 'solved', ms: 1 }
  const covered = coverageOf(course, [
    { ...state, faults: [] },
    { ...state, faults: ['it passes'] },
  ])
  expect(covered).toHaveLength(20)
  const signals = covered.find(({ title }) => title.startsWith('Signals'))!
  expect(signals).toMatchObject({ states: 2, green: 1 })
  expect(signals.exercises).toContain(20)
  const table = renderCoverage(covered, paint({ colour: false }))
  expect(Math.max(...table.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80)
  console.log(table)
  // A course that names none is shown none.
  await newCourse(dir)
  expect(coverageOf(await loadCourse(dir, 'mine'), [])).toEqual([])
})

it('knows which words can be typed', async () => {
  const { commands } = JSON.parse(await readFile(join(packageRoot(), 'oclif.manifest.json'), 'utf8')) as {
    commands: Record<string, KnownCommand>
  }
  const fault = (line: string) => commandFault(line, commands)
  expect(fault('otel-lab restart otel-collector')).toBeUndefined()
  expect(fault('otel-lab restart otel-colector')).toContain('otel-colector may be')
  expect(fault('otel-lab trace ID')).toBeUndefined()
  expect(fault('otel-lab run -- python app.py --what')).toBeUndefined()
  expect(fault(`otel-lab query loki '{a="b"} | json'`)).toBeUndefined()
  expect(fault('otel-lab qeury loki x')).toContain('there is no command')
  expect(fault('otel-lab --help')).toBeUndefined()
  expect(wordsOf(`a 'b c' "d \\"e\\"" f='g h'`)).toEqual(['a', 'b c', 'd "e"', 'f=g h'])
  expect(isComplete('otel-lab trace ID')).toBe(false)
  expect(isComplete(`otel-lab query loki '{a="ERROR"}'`)).toBe(true)
})

it('plays every wrong answer, stale data and cheats of every exercise', async () => {
  const { exercises } = await loadCourse()
  for (const exercise of exercises) {
    const kinds = statesOf(exercise).map(({ kind }) => kind)
    expect(kinds.filter((kind) => kind === 'wrong')).toHaveLength(exercise.wrong.length)
    for (const kind of ['as shipped', 'solved', 'stale', 'cheat']) expect(kinds).toContain(kind)
  }
})

it('finds a course by its folder and by the name of a package, and says when there is none', async () => {
  await newCourse(join(dir, 'node_modules/otel-course-x'))
  expect(await findCourse('otel-course-x', join(dir, 'deep/er'))).toEqual({
    name: 'otel-course-x',
    root: join(dir, 'node_modules/otel-course-x'),
  })
  expect(await findCourse('./node_modules/otel-course-x', dir)).toMatchObject({ name: 'otel-course-x' })
  expect((await findCourse('otel-lab', dir)).root).toBe(packageRoot())
  await expect(findCourse('../nothing', dir)).rejects.toMatchObject({ code: 'no-course', exit: 2 })
})
