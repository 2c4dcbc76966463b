import { beforeAll, expect, test } from 'vitest'
import { COMPETENCIES, DOMAINS } from '../../src/exercises/format/competencies.ts'
import { byNeed, moved } from '../../src/quiz/boxes.ts'
import { domainOf, drawExam, EXAM, examScore, shares } from '../../src/quiz/exam.ts'
import { type Bank, loadBank } from '../../src/quiz/load.ts'
import { seeded } from '../../src/util/seeded.ts'

let bank: Bank
beforeAll(async () => {
  bank = await loadBank()
})

test('every competency has questions enough, and every wrong choice a sentence of its own', () => {
  for (const id of Object.keys(COMPETENCIES)) {
    const own = bank.fixed.filter(({ competency }) => competency === id)
    expect(own.length, id).toBeGreaterThanOrEqual(3)
  }
  const ids = [...bank.fixed, ...bank.made].map(({ id }) => id)
  expect(new Set(ids).size).toBe(ids.length)
  for (const { id, choices } of bank.fixed) {
    expect(new Set(choices.map(({ says }) => says)).size, id).toBe(choices.length)
    expect(new Set(choices.map(({ text }) => text)).size, id).toBe(choices.length)
  }
})

test('the official weights, to the last question', () => {
  expect(shares(60)).toEqual({ fundamentals: 11, 'api-sdk': 28, collector: 15, debugging: 6 })
  for (const total of [1, 7, 20, 60, 100])
    expect(Object.values(shares(total)).reduce((sum, one) => sum + one)).toBe(total)
})

test('an exam has sixty different questions in these weights, and no competency is left out', () => {
  for (const seed of [1, 2, 3]) {
    const drawn = drawExam(bank.fixed, [], seeded(seed))
    expect(new Set(drawn.map(({ id }) => id)).size).toBe(EXAM.questions)
    expect(new Set(drawn.map(({ competency }) => competency)).size).toBe(Object.keys(COMPETENCIES).length)
    for (const [domain, share] of Object.entries(shares(EXAM.questions)))
      expect(drawn.filter(({ competency }) => domainOf(competency) === domain)).toHaveLength(share)
  }
})

test('half of it is about the own run where that gives so many', () => {
  const own = bank.fixed.map((question) => ({ ...question, id: `made-${question.id}` }))
  const drawn = drawExam(bank.fixed, own, seeded(4))
  const made = drawn.filter(({ id }) => id.startsWith('made-'))
  const halves = Object.values(shares(EXAM.questions)).map((share) => Math.floor(share / 2))
  expect(made).toHaveLength(halves.reduce((sum, one) => sum + one))
})

test('the score: by domain, what is open is wrong, what nobody can judge does not count', () => {
  const questions = drawExam(bank.fixed, [], seeded(1))
  const all = Object.fromEntries(questions.map(({ id }) => [id, true]))
  expect(examScore(questions, all)).toMatchObject({ right: 60, total: 60, passed: true, repeat: [] })
  const [first, second] = questions as [(typeof questions)[0], (typeof questions)[0]]
  expect(examScore(questions, { ...all, [first.id]: null })).toMatchObject({ right: 59, total: 59 })
  const { [second.id]: _, ...open } = all
  expect(examScore(questions, open)).toMatchObject({ right: 59, total: 60 })
  const collector = questions.filter(({ competency }) => domainOf(competency) === 'collector')
  const failed = examScore(questions, { ...all, ...Object.fromEntries(collector.map(({ id }) => [id, false])) })
  expect(failed).toMatchObject({ right: 45, passed: true })
  expect(failed.domains.find(({ id }) => id === 'collector')).toMatchObject({ right: 0, total: 15 })
  expect(failed.domains.map(({ title }) => title)).toEqual(Object.values(DOMAINS).map(({ title }) => title))
  expect(new Set(failed.repeat.map(({ competency }) => domainOf(competency)))).toEqual(new Set(['collector']))
  expect(examScore(questions, {})).toMatchObject({ right: 0, passed: false })
})

test('what was wrong comes back first, what was right rests the longer the more often it was', () => {
  const day = 86_400_000
  const asked = ['never', 'wrong', 'right'].map((id) => ({ id }))
  let boxes = moved(moved({}, 'wrong', false, 0), 'right', true, 0)
  expect(byNeed(asked, boxes, 10).map(({ id }) => id)).toEqual(['wrong', 'never', 'right'])
  expect(byNeed(asked, boxes, 2 * day).map(({ id }) => id)).toEqual(['wrong', 'right', 'never'])
  boxes = moved(boxes, 'right', true, day)
  expect(boxes.right).toEqual({ box: 2, due: 4 * day })
  boxes = moved(boxes, 'right', false, 4 * day)
  expect(boxes.right).toEqual({ box: 0, due: 4 * day })
})
