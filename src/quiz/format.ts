import { type Static, type TSchema, Type } from '@sinclair/typebox'
import { COMPETENCIES, type Competency } from '../exercises/format/competencies.ts'
import { closed, Id, text, word } from '../exercises/format/words.ts'

const CompetencyId = word(Object.keys(COMPETENCIES) as Competency[], 'What it asks for, of the OTCA curriculum')
const Key = Type.String({ description: 'How the saved progress names it', pattern: '^[a-z0-9-]{2,}$' })
const says = text('Told after it was chosen: why it is right, or what is wrong with it', { minLength: 20 })
const right = Type.Optional(Type.Literal(true, { description: 'On exactly one choice of a question' }))

/** Of which one is right. */
const choices = <T extends TSchema>(choice: T, minItems: number) =>
  Type.Array(choice, {
    minItems,
    maxItems: 6,
    contains: Type.Object({ right: Type.Literal(true) }),
    minContains: 1,
    maxContains: 1,
  })

const Choice = Type.Object({ key: Key, text: Type.String(), right, says }, closed)
const Question = Type.Object(
  {
    id: Id,
    competency: Type.Optional(CompetencyId),
    ask: Type.String({ minLength: 10 }),
    choices: choices(Choice, 3),
  },
  closed,
)
export type Choice = Static<typeof Choice>
export type Question = Static<typeof Question>

export const quizFormat = Type.Object(
  { questions: Type.Array(Question, { minItems: 1 }) },
  { ...closed, title: 'otel-lab quiz', description: 'Multiple choice; every choice says why it is right or wrong.' },
)

const Find = Type.Union(
  (['traceql', 'promql', 'logql'] as const).map((language) =>
    Type.Object({ [language]: text('A query; it must name the run by ${run}') }, closed),
  ),
)
const Take = Type.Union([
  word(['value', 'count'], 'The value of the only row, or how many rows there are'),
  Type.Object(
    {
      label: text('An attribute of the span, a label of the series or line'),
      of: word(
        ['first', 'most', 'least', 'others'],
        'Of the first row, of that with the greatest or least value, or every other value than the right one',
      ),
    },
    closed,
  ),
])
const MadeChoice = Type.Object(
  {
    key: Key,
    right,
    find: Type.Optional(Find),
    take: Type.Optional(Take),
    text: Type.Optional(text('What is to choose; ${value} and ${file} are what was found; only that unless said')),
    says,
  },
  closed,
)
const Made = Type.Object(
  {
    id: Id,
    competency: CompetencyId,
    ask: text('The question; ${run} and what is given may stand in it', { minLength: 10 }),
    given: Type.Optional(Type.Record(Id, Type.Object({ find: Find, take: Take }, closed))),
    // One line may make several.
    choices: choices(MadeChoice, 2),
  },
  { ...closed, description: 'Its choices are what queries give for the last run' },
)
const Written = Type.Object(
  {
    id: Id,
    competency: CompetencyId,
    ask: text('The question; ${run} may stand in it', { minLength: 10 }),
    write: Type.Object(
      {
        language: word(['traceql', 'promql', 'logql']),
        reference: text('A query that gives the right result; it must name the run by ${run}'),
        labels: Type.Optional(
          Type.Array(Type.String(), { description: 'Labels whose values must be the same as well' }),
        ),
        tolerance: Type.Optional(
          Type.String({ description: 'How far values may differ', pattern: '^\\d+(\\.\\d+)?%$' }),
        ),
      },
      closed,
    ),
    says,
  },
  { ...closed, description: 'The answer is a query, graded by what it gives' },
)
export type Find = Static<typeof Find>
export type Take = Static<typeof Take>
export type Made = Static<typeof Made>
export type MadeChoice = Static<typeof MadeChoice>
export type Written = Static<typeof Written>

export const madeFormat = Type.Object(
  { questions: Type.Array(Type.Union([Made, Written]), { minItems: 1 }) },
  {
    ...closed,
    title: 'otel-lab questions on the last run',
    description: "Questions that are made from the learner's own telemetry",
  },
)
