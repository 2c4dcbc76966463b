import { type Static, Type } from '@sinclair/typebox'
import { closed, word } from './words.ts'

const per = Type.Optional(
  word(
    ['learner', 'attempt'],
    'Who keeps it: a learner until the attempt is void or reset (so it may stand in README.md), or each attempt draws its own',
  ),
)

export const Parameter = Type.Union([
  Type.Object(
    { one_of: Type.Array(Type.Union([Type.String(), Type.Number()]), { minItems: 2 }), per },
    { ...closed, description: 'One of these' },
  ),
  Type.Object(
    { from: Type.Integer(), to: Type.Integer(), per },
    { ...closed, description: 'A whole number between the two, both included' },
  ),
  Type.Object(
    { letters: Type.Integer({ minimum: 3, maximum: 32 }), per },
    { ...closed, description: 'So many small letters, which nobody guesses' },
  ),
])

export const Parameters = Type.Record(Type.String({ pattern: '^[a-z][a-z_]*$' }), Parameter, {
  description: 'Drawn at random and kept; ${name} stands for them in text, drive, checks and hints',
})

export type ParameterSpec = Static<typeof Parameter>
