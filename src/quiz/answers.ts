import { EXIT, LabError } from '../errors.ts'
import { readChoice } from '../exercises/answers/read/choice.ts'
import type { Choice } from './format.ts'

/** Question id -> choice key. */
export type GivenAnswers = Record<string, string>

/**
 * What a script gives: `3=b` pairs (a question by its number as shown, or by its id from --json), or letters for the
 * questions in the order in which they are shown, a dash for one to leave open. `questions` is in that order. Throws
 * LabError `bad-answers`, in words that hold no id and no key: these would give answers away.
 */
export function parseAnswers(
  text: string,
  questions: readonly { id: string; choices?: readonly Choice[] }[],
): GivenAnswers {
  const parts = text
    .split(/[,\s]+/)
    .map((part) => part.trim())
    .filter((part) => part !== '')
  if (parts.length === 0) throw bad('no answers were given')
  const named = parts.filter((part) => part.includes('=')).length
  if (named === 0 && parts.length > questions.length) {
    throw bad(`${parts.length} answers for ${questions.length} questions`)
  }
  const given: GivenAnswers = {}
  for (const [i, part] of parts.entries()) {
    const [name, answer] = part.includes('=') ? (part.split('=', 2) as [string, string]) : [String(i + 1), part]
    const question = /^\d+$/.test(name) ? questions[Number(name) - 1] : questions.find(({ id }) => id === name)
    if (question === undefined) throw bad(`there is no question ${name}: 1 to ${questions.length}`)
    if (answer === '-') continue
    if (question.choices === undefined) {
      const at = questions.indexOf(question) + 1
      throw bad(`question ${at} wants a query, not a letter: --query '${at}=...'`)
    }
    const choice = readChoice(answer, question.choices)
    if (!choice.ok) {
      const last = String.fromCharCode(96 + question.choices.length)
      throw bad(`"${answer}" ${choice.why} of question ${questions.indexOf(question) + 1}: a to ${last}`)
    }
    given[question.id] = choice.value.key
  }
  return given
}

/** `7={...}`: a query for a question by its number as shown. Throws LabError `bad-answers`. */
export function parseQueries(
  texts: readonly string[],
  questions: readonly { id: string; choices?: readonly Choice[] }[],
): GivenAnswers {
  return Object.fromEntries(
    texts.map((text) => {
      const [, number, query] = /^(\d+)=(.+)$/s.exec(text) ?? []
      if (query === undefined) throw bad(`--query ${text} is not NUMBER=QUERY`)
      const question = questions[Number(number) - 1]
      if (question === undefined) throw bad(`there is no question ${number}: 1 to ${questions.length}`)
      if (question.choices) throw bad(`question ${number} wants a letter: --answers ${number}=a`)
      return [question.id, query]
    }),
  )
}

const bad = (message: string) =>
  new LabError('bad-answers', message, {
    hint: 'otel-lab quiz shows the questions and their letters, otel-lab quiz --json for a script',
    exit: EXIT.usage,
  })
