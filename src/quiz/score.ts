import { seeded, shuffled } from '../util/seeded.ts'
import type { Choice, Question } from './format.ts'

/** Questions and their choices in the order of this seed: nobody learns that it is always the second. */
export function arrange<T extends { id: string }>(questions: readonly T[], seed: number | (() => number)): T[] {
  const random = typeof seed === 'number' ? seeded(seed) : seed
  return shuffled(questions, random).map((question) =>
    hasChoices(question) ? { ...question, choices: shuffled(question.choices, random) } : question,
  )
}

const hasChoices = (question: object): question is { choices: Choice[] } => 'choices' in question

export interface Grade {
  question: string
  chosen: string
  right: boolean
  /** What the chosen one says of itself. */
  says: string
}

export function grade(question: Question, key: string): Grade {
  const chosen = question.choices.find((choice) => choice.key === key) as Choice
  return { question: question.id, chosen: key, right: chosen.right === true, says: chosen.says }
}

export interface Score {
  right: number
  answered: number
  total: number
}

/** Counts answers to questions that exist; what an older version asked does not count. */
export function scoreOf(questions: readonly Question[], answers: Readonly<Record<string, string>>): Score {
  const given = questions.flatMap((question) => {
    const key = answers[question.id]
    return key !== undefined && question.choices.some((choice) => choice.key === key) ? [grade(question, key)] : []
  })
  return { right: given.filter(({ right }) => right).length, answered: given.length, total: questions.length }
}
