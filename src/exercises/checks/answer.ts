import { type TObject, type TSchema, Type } from '@sinclair/typebox'
import { ANSWER_KINDS } from '../answers/registry.ts'
import { missing } from '../answers/shared.ts'
import { defineCheck } from '../check-kind.ts'
import { closed } from '../format/words.ts'

const Grade = Type.Unsafe<{ as: string; [parameter: string]: unknown }>({
  type: 'object',
  required: ['as'],
  discriminator: { propertyName: 'as' },
  oneOf: ANSWER_KINDS.map(
    ({ as, about, parameters }): TObject =>
      Type.Object(
        { as: Type.Literal(as), ...(parameters as Record<string, TSchema>) },
        { ...closed, description: about },
      ),
  ),
})

const kindOf = (as: string) => ANSWER_KINDS.find((kind) => kind.as === as)!

/** What the learner answers, graded by what the telemetry of the attempt says. */
export const answer = defineCheck({
  name: 'answer',
  about: 'What the learner answers to one of the questions',
  parameters: {
    answer: Type.String({ description: 'The key of the question' }),
    grade: Grade,
  },
  words: {
    expected: 'the answer that the telemetry of this attempt gives',
    why: 'What telemetry holds helps only those who can read it off',
  },
  lint: ({ grade }) => kindOf(grade.as).lint?.(grade) ?? [],
  async run(context, spec) {
    const text = context.answers[spec.answer]
    if (text === undefined) return missing(context, spec)
    return kindOf(spec.grade.as).grade(context, spec, spec.grade, text)
  },
})
