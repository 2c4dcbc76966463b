import { EXIT, LabError } from '../errors.ts'
import type { Question } from './question.ts'

/** Question id -> choice key. */
export type GivenAnswers = Record<string, string>

/**
 * What a script gives: `question=choice` pairs, or letters for the questions in the order in which they are shown,
 * a dash for one to leave open. `questions` is in that order. Throws LabError `bad-answers`.
 */
export function parseAnswers(text: string, questions: readonly Question[]): GivenAnswers {
  const parts = text
    .split(/[,\s]+/)
    .map((part) => part.trim())
    .filter((part) => part !== '')
  const given: GivenAnswers = {}
  for (const [i, part] of parts.entries()) {
    const [id, key] = part.includes('=') ? (part.split('=', 2) as [string, string]) : [undefined, part]
    const question = id === undefined ? questions[i] : questions.find((one) => one.id === id)
    if (question === undefined) {
      throw bad(
        id === undefined
          ? `${parts.length} answers for ${questions.length} questions`
          : `there is no question ${id}: ${questions.map((one) => one.id).join(', ')}`,
      )
    }
    if (id === undefined && key === '-') continue
    const letter = /^[a-z]$/i.test(key) ? question.choices[key.toLowerCase().charCodeAt(0) - 97] : undefined
    const choice = letter ?? question.choices.find((one) => one.key === key)
    if (choice === undefined) {
      const keys = question.choices.map((one, at) => `${String.fromCharCode(97 + at)} ${one.key}`)
      throw bad(`${question.id} has no choice ${key}: ${keys.join(', ')}`)
    }
    given[question.id] = choice.key
  }
  if (parts.length === 0) throw bad('no answers were given')
  return given
}

const bad = (message: string) =>
  new LabError('bad-answers', message, {
    hint: 'otel-lab quiz --json shows the questions and the names of their choices',
    exit: EXIT.usage,
  })
