import { afterAll, beforeAll, expect, test } from 'vitest'
import { loadQuiz } from '../../src/quiz.ts'
import { type TestLab, testLab } from '../support/lab.ts'

let lab: TestLab
beforeAll(async () => {
  lab = await testLab()
})
afterAll(() => lab.close())

test('without a lab, without a terminal: the questions, and how to answer them', async () => {
  const shown = await lab.run(['quiz', '--seed', '4'])
  expect(shown).toMatchObject({ code: 0, stdout: expect.stringContaining('--seed 4 --answers') })
  const { questions } = JSON.parse((await lab.run(['quiz', '--seed', '4', '--json'])).stdout)
  expect(questions.length).toBeGreaterThanOrEqual(8)
  // What would give the answer away is not among it.
  expect(Object.keys(questions[0])).not.toContain('id')
  expect(Object.keys(questions[0].choices[0])).toEqual(['letter', 'text'])
  expect(shown.stdout.indexOf(questions[0].ask)).toBeLessThan(shown.stdout.indexOf(questions[1].ask))
})

test('answers are graded; all right ends with 0, a wrong one with 1 and its sentence', async () => {
  const quiz = await loadQuiz()
  const right = quiz.map(({ id, choices }) => `${id}=${choices.find((choice) => choice.right)!.key}`)
  const all = await lab.run(['quiz', '--json', '--answers', right.join(',')])
  expect(all.code).toBe(0)
  expect(JSON.parse(all.stdout).score).toEqual({ right: quiz.length, answered: quiz.length, total: quiz.length })
  const wrong = quiz[0]!.choices.find((choice) => !choice.right)!
  expect(await lab.run(['quiz', '--answers', `${quiz[0]!.id}=${wrong.key}`])).toMatchObject({
    code: 1,
    stdout: expect.stringContaining(wrong.says),
  })
  expect(await lab.run(['quiz', '--answers', 'x=y'])).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('otel-lab quiz --json'),
  })
})

test('a mock exam by script: nothing is told before the end, then the score of each domain', async () => {
  const exam = (...args: string[]) => lab.run(['quiz', '--exam', '--seed', '7', ...args])
  const [{ stdout: json }, finished] = await Promise.all([
    exam('--json', '--answers', '1=a,2=b'),
    exam('--finish', '--answers', '1=a'),
  ])
  const { questions, score } = JSON.parse(json)
  expect(questions).toHaveLength(60)
  expect(questions[0]).toMatchObject({ answered: 'a' })
  expect(json).not.toMatch(/"right"|"says"/)
  expect(score).toBeUndefined()
  expect(finished).toMatchObject({ code: 1, stdout: expect.stringMatching(/Collector +0 of 15|Collector +1 of 15/) })
  expect(finished.stdout).toContain('not passed')
})

test('practice on one competency; a name that is none says which there are', async () => {
  const { stdout, code } = await lab.run(['quiz', '--practice', '--competency', 'sdk-pipelines', '-n', '3', '--json'])
  expect(code).toBe(0)
  const { questions } = JSON.parse(stdout)
  expect(questions.map(({ competency }: { competency: string }) => competency)).toEqual(
    Array(3).fill('api-sdk/sdk-pipelines'),
  )
  expect(await lab.run(['quiz', '--practice', '--competency', 'cooking'])).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('api-sdk/sdk-pipelines'),
  })
})
