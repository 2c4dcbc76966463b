import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { newCourse } from '../../src/course.ts'
import { type TestLab, testLab } from '../support/lab.ts'

let home: TestLab
let course: string

beforeEach(async () => {
  home = await testLab()
  course = join(home.dir, 'course')
  await newCourse(course)
})
afterEach(() => home.close())

interface Told {
  terminal: boolean
  states: number
  wrong: number
  played: { kind: string; state: string; faults: string[] }[]
}

async function play(...args: string[]): Promise<{ code: number | null; told: Told }> {
  const { code, stdout, stderr } = await home.run(['course', 'test', course, '--json', ...args])
  expect(stderr).toBe('')
  return { code, told: JSON.parse(stdout) }
}

it('a course that holds what it says is found to, in a terminal and by script', async () => {
  for (const args of [[], ['--script']]) {
    const { code, told } = await play(...args)
    expect(told.played.filter(({ faults }) => faults.length > 0)).toEqual([])
    expect(told.terminal).toBe(args.length === 0)
    expect(code).toBe(0)
    expect(told.states).toBeGreaterThanOrEqual(9)
  }
}, 900_000)

it('finds a broken solution, a hint that lies, and a wrong answer that gets another message', async () => {
  const change = async (path: string, from: string, to: string) => {
    const text = await readFile(join(course, path), 'utf8')
    expect(text).toContain(from)
    await writeFile(join(course, path), text.replace(from, to))
  }
  const yaml = 'exercises/01-send-sooner/exercise.yaml'
  await change('solutions/01-send-sooner/solution.yaml', 'timeout, value: 200ms', 'timeout, value: 2s')
  await change(yaml, '`otel-lab config patch --set processors', '`otel-lab config patch --set prozessors')
  await change(yaml, 'says: [has not read it]', 'says: [has read it long ago]')
  await change(yaml, 'gets: batch/other-pipeline', 'gets: batch/unused')
  const { code, told } = await play()
  expect(code).toBe(1)
  const faults = (part: string) => told.played.filter(({ state }) => state.includes(part)).flatMap((one) => one.faults)
  expect(faults('solved by hand').join()).toContain('it does not pass (failed: batch/settings)')
  expect(faults('solved by --apply').join()).toContain('--apply --check ends with 1')
  expect(faults('its hints tell').join()).toContain('prozessors')
  expect(faults('not restart').join()).toContain('does not say "has read it long ago"')
  expect(faults('take the processor out').join()).toContain('it must get batch/unused and gets batch/other-pipeline')
  expect(faults('as shipped')).toEqual([])
  expect(faults('make the wait longer')).toEqual([])
}, 900_000)
