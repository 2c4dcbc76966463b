import { type Static, type TObject, type TSchema, Type } from '@sinclair/typebox'
import { CHECK_KINDS } from './checks/registry.ts'
import type { CheckSpec } from './exercise.ts'
import { COMPETENCIES, type Competency, TRACKS, type Track } from './format/competencies.ts'
import { Drive } from './format/drive.ts'
import { Parameters } from './format/parameters.ts'
import { Requirement } from './format/requires.ts'
import { Answer, Hint, More, Solution, Wrong } from './format/teaching.ts'
import { closed, Id, pathInLab, text, word } from './format/words.ts'

export const DIALECT = 'https://json-schema.org/draft/2020-12/schema'

/** By `check`, so that an editor completes the names and, behind a name, that kind's parameters. */
const Check = Type.Unsafe<CheckSpec>({
  type: 'object',
  required: ['check'],
  discriminator: { propertyName: 'check' },
  oneOf: CHECK_KINDS.map(
    ({ name, about, parameters }): TObject =>
      Type.Object(
        {
          id: Id,
          check: Type.Literal(name, { description: about }),
          when: Type.Optional(
            word(
              ['level', 'edge'],
              'level: it must hold each time. edge: it must have happened, in this attempt or an earlier one',
            ),
          ),
          title: Type.String({ minLength: 5 }),
          expected: Type.Optional(text('What a pass looks like', { minLength: 10 })),
          why: Type.Optional(text('Why it matters', { minLength: 10 })),
          ...(parameters as Record<string, TSchema>),
        },
        { ...closed, description: about },
      ),
  ),
})

export const exerciseFormat = Type.Object(
  {
    title: Type.String({ minLength: 5, maxLength: 60 }),
    goal: text('One sentence for the list', { minLength: 10, maxLength: 120 }),
    minutes: Type.Integer({ minimum: 1, maximum: 60 }),
    track: Type.Optional(word(Object.keys(TRACKS) as Track[], 'Where it stands in the course')),
    competencies: Type.Optional(
      Type.Array(word(Object.keys(COMPETENCIES) as Competency[]), {
        minItems: 1,
        uniqueItems: true,
        description: 'What of the OpenTelemetry Certified Associate it serves',
      }),
    ),
    start: Type.Optional(
      Type.Array(pathInLab('Of the exercise folder and, at the same place, of the lab folder: app/scanner.mjs'), {
        minItems: 1,
        description: 'Programs that the learner begins with; never laid over one that is there, in whatever language',
      }),
    ),
    parameters: Type.Optional(Parameters),
    requires: Type.Optional(Type.Array(Requirement, { minItems: 1, description: 'What must be true to start' })),
    drive: Drive,
    checks: Type.Array(Check, { minItems: 1 }),
    answers: Type.Optional(Type.Array(Answer, { minItems: 1 })),
    hints: Type.Array(Hint, { minItems: 2 }),
    wrong: Type.Array(Wrong, { minItems: 3, description: 'Typical wrong answers, each with the message it must get' }),
    learned: text('Told after a pass', { minLength: 20 }),
    more: Type.Optional(
      Type.Array(More, { minItems: 1, description: 'Where the official documentation says more; told after a pass' }),
    ),
  },
  {
    ...closed,
    $schema: DIALECT,
    title: 'otel-lab exercise',
    description: 'exercises/NN-slug/exercise.yaml: what runs, what is checked, what is asked, what helps.',
  },
)

export const solutionFormat = Type.Object(Solution.properties, {
  ...closed,
  $schema: DIALECT,
  title: 'otel-lab solution',
  description: 'solutions/NN-slug/solution.yaml: what --apply does.',
})

export type ExerciseFile = Static<typeof exerciseFormat>
