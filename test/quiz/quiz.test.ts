import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { parseCourse } from '../../src/course-file.ts'
import { arrange, grade, loadQuiz, openProgress, parseAnswers, type Question, scoreOf } from '../../src/quiz.ts'

let questions: Question[]
let dir: string
beforeAll(async () => {
  questions = await loadQuiz()
  dir = await mkdtemp(join(tmpdir(), 'quiz-'))
})
afterAll(() => rm(dir, { recursive: true }))

test('at least eight questions; ids and keys are unique, and every wrong choice has a sentence of its own', () => {
  expect(questions.length).toBeGreaterThanOrEqual(8)
  expect(new Set(questions.map(({ id }) => id)).size).toBe(questions.length)
  for (const { choices } of questions) {
    expect(new Set(choices.map(({ key }) => key)).size).toBe(choices.length)
    expect(new Set(choices.map(({ says }) => says)).size).toBe(choices.length)
    expect(choices.filter(({ right }) => right)).toHaveLength(1)
  }
})

test('the right choice is not betrayed by being the longest', () => {
  const longest = questions.filter(({ choices }) => {
    const right = choices.find((choice) => choice.right)!
    return choices.every((choice) => choice === right || choice.text.length < right.text.length)
  })
  expect(longest.length).toBeLessThanOrEqual(questions.length / 2)
})

test('a seed is an order, another seed another, and nothing is lost by it', () => {
  const order = (seed: number) => arrange(questions, seed).map(({ id, choices }) => [id, choices.map(({ key }) => key)])
  expect(order(1)).toEqual(order(1))
  expect(order(1)).not.toEqual(order(2))
  expect(
    arrange(questions, 5)
      .map(({ id }) => id)
      .sort(),
  ).toEqual(questions.map(({ id }) => id).sort())
  const places = new Set(
    [1, 2, 3, 4, 5, 6].map((seed) => arrange(questions, seed)[0]!.choices.findIndex((c) => c.right)),
  )
  expect(places.size).toBeGreaterThan(1)
})

test('answers by name and by letter; a slip says what there is', () => {
  const shown = arrange(questions, 1)
  const [first, second, third] = shown as [Question, Question, Question]
  expect(parseAnswers(`b,-,${third.choices[0]!.key}`, shown)).toEqual({
    [first.id]: first.choices[1]!.key,
    [third.id]: third.choices[0]!.key,
  })
  expect(parseAnswers(`${second.id}=A`, shown)).toEqual({ [second.id]: second.choices[0]!.key })
  const refused = (text: string, message: string) =>
    expect(() => parseAnswers(text, shown)).toThrow(
      expect.objectContaining({ exit: 2, message: expect.stringContaining(message) }),
    )
  refused('', 'no answers')
  refused('nonsense=a', 'there is no question nonsense: 1 to')
  refused('99=a', 'there is no question 99')
  refused(`${first.id}=zz`, '"zz" is none of the choices of question 1: a to d')
  expect(parseAnswers('2=b 1=C', shown)).toEqual({
    [second.id]: second.choices[1]!.key,
    [first.id]: first.choices[2]!.key,
  })
  refused(Array(99).fill('a').join(','), '99 answers for')
})

test('grading and score; what is no longer asked does not count', () => {
  const [question] = questions as [Question]
  const right = question.choices.find((choice) => choice.right)!
  const wrong = question.choices.find((choice) => !choice.right)!
  expect(grade(question, right.key)).toMatchObject({ right: true, says: right.says })
  expect(grade(question, wrong.key)).toMatchObject({ right: false, says: wrong.says })
  const total = questions.length
  expect(scoreOf(questions, { [question.id]: right.key, gone: 'x' })).toEqual({ right: 1, answered: 1, total })
  expect(scoreOf(questions, { [question.id]: 'gone' })).toEqual({ right: 0, answered: 0, total })
})

test('a round is kept and resumed, a damaged file begins anew', async () => {
  const path = join(dir, 'quiz.json')
  const one = await openProgress(path, () => 7)
  await one.add({ a: 'x' })
  const two = await openProgress(path, () => 8)
  expect(two.round()).toEqual({ seed: 7, answers: { a: 'x' } })
  await two.reset()
  expect((await openProgress(path, () => 9)).round()).toEqual({ seed: 9, answers: {} })
  await writeFile(path, '{"seed": "x"')
  expect((await openProgress(path, () => 10)).round()).toEqual({ seed: 10, answers: {} })
  const nowhere = await openProgress(undefined, () => 11)
  await nowhere.add({ b: 'y' })
  expect(nowhere.round()).toEqual({ seed: 11, answers: { b: 'y' } })
})

test("an author's slip is told with its line", async () => {
  const schema = JSON.parse(await readFile('exercises/quiz.schema.json', 'utf8'))
  const slip = (text: string) => () => parseCourse(text, schema, 'quiz.yaml')
  expect(slip('questions:\n  - id: One\n    ask: What is it then?\n    choices: []\n')).toThrow(
    /quiz\.yaml:2: questions\.0\.id must match pattern[\s\S]*quiz\.yaml:4: questions\.0\.choices must NOT have fewer/,
  )
  expect(slip('questions: [\n')).toThrow(/quiz\.yaml:\d+: Flow sequence/)
  expect(slip('questions: []\nextra: 1\n')).toThrow('the file may not have extra')
})
