import { Type } from '@sinclair/typebox'
import { defineAnswer } from '../answer-kind.ts'
import { closed, Id, text } from '../format/words.ts'
import { fail, pass } from '../verdict.ts'
import { readChoice } from './read/choice.ts'
import { unreadable } from './shared.ts'

const Choice = Type.Object(
  {
    key: Id,
    text: text('As it is shown'),
    right: Type.Optional(Type.Literal(true)),
    says: text('Why it is right, or what is wrong with it; each wrong one has its own', { minLength: 10 }),
  },
  closed,
)

/** One of a few, by key, letter, number or text. */
export const choice = defineAnswer({
  as: 'choice',
  about: 'One of a few choices; each wrong one says what is wrong with it',
  parameters: { choices: Type.Array(Choice, { minItems: 2 }) },
  lint({ choices }) {
    const rights = choices.filter(({ right }) => right).length
    const twice = choices.find(({ key }, i) => choices.findIndex((one) => one.key === key) < i)
    return [
      ...(rights === 1 ? [] : [`one choice must be right, and ${rights} are`]),
      ...(twice ? [`the choice ${twice.key} is there twice`] : []),
    ]
  },
  async grade(context, spec, { choices }, text) {
    const read = readChoice(text, choices)
    if (!read.ok) return unreadable(context, spec.answer, text, read)
    const { right, says, text: chosen } = read.value
    return right ? pass(`${chosen}: right`, { why: says }) : fail('wrong', `"${chosen}" is not it`, { why: says })
  },
})
