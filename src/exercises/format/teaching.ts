import { type Static, Type } from '@sinclair/typebox'
import { closed, pathInLab, text } from './words.ts'

export const Answer = Type.Object(
  {
    key: Type.String({ pattern: '^[a-z]+$' }),
    ask: Type.String(),
    form: text('How to write it and how it is graded'),
    unless: Type.Optional(Type.Array(Type.String(), { description: 'Not needed when one of these is given' })),
  },
  closed,
)

export const Hint = Type.Object(
  {
    after: Type.Optional(
      Type.String({
        description: 'Only after this check failed: id, or id/case',
        pattern: '^[a-z0-9-]+(/[a-z0-9-]+)?$',
      }),
    ),
    text: text('The help itself', { minLength: 10 }),
  },
  closed,
)

export const More = Type.Object(
  { title: Type.String({ minLength: 3 }), url: Type.String({ pattern: '^https://[^ ]+$' }) },
  closed,
)

export const Edit = Type.Union(
  [
    Type.Object({ op: Type.Literal('set'), path: Type.String(), value: Type.String({ description: 'YAML' }) }, closed),
    Type.Object({ op: Type.Literal('add'), path: Type.String(), value: Type.String({ description: 'YAML' }) }, closed),
    Type.Object({ op: Type.Literal('remove'), path: Type.String(), value: Type.Optional(Type.String()) }, closed),
  ],
  { description: "To the collector's config, as otel-lab config patch takes them" },
)

/** What somebody does who has not understood it yet. `otel-lab course test` plays each one. */
export const Wrong = Type.Object(
  {
    name: text('What they did', { minLength: 5 }),
    edits: Type.Optional(Type.Array(Edit, { minItems: 1, description: 'To the config; written and applied' })),
    unapplied: Type.Optional(Type.Boolean({ description: 'The file alone is edited: nothing is restarted' })),
    commands: Type.Optional(
      Type.Array(Type.String(), {
        minItems: 1,
        description: 'otel-lab commands that they type, such as otel-lab restart tempo',
      }),
    ),
    file: Type.Optional(
      Type.Object({ path: pathInLab('In the lab folder, such as app/main.py'), content: Type.String() }, closed),
    ),
    change: Type.Optional(
      Type.Array(
        Type.Object(
          {
            path: pathInLab('One of the files of the solution, such as app/main.mjs'),
            from: Type.String({ minLength: 1, description: 'What stands in it' }),
            to: Type.String({ description: 'What they have written instead' }),
          },
          closed,
        ),
        { minItems: 1, description: "The solution's files are written, but with these words changed" },
      ),
    ),
    answers: Type.Optional(
      Type.Record(Type.String({ pattern: '^[a-z]+$' }), Type.String(), {
        description:
          'Given for the attempt; the others are those of the solution. ${name}, and ${solution.key}, may stand in them',
      }),
    ),
    gets: Type.String({
      description: 'The check that must fail, and how: id/case',
      pattern: '^[a-z0-9-]+/[a-z0-9-]+$',
    }),
    also: Type.Optional(
      Type.Array(Type.String({ pattern: '^[a-z0-9-]+/[a-z0-9-]+$' }), {
        minItems: 1,
        description: 'Checks that cannot but fail along with it, id/case',
      }),
    ),
    says: Type.Array(Type.String(), { description: 'What its message must contain', minItems: 1 }),
  },
  {
    ...closed,
    description:
      'A wrong answer and the message that it must get. With file, the files of the solution are there first',
  },
)

export const Solution = Type.Object(
  {
    commands: Type.Array(Type.String(), { description: 'What a learner would type', minItems: 1 }),
    edits: Type.Optional(Type.Array(Edit)),
    undo: Type.Optional(Type.Array(Edit, { description: 'What --reset does to the config after --apply' })),
    files: Type.Optional(
      Type.Array(pathInLab('Such as app/main.py'), {
        description: 'Files of the solution folder that --apply copies into the lab folder, such as app/main.py',
        minItems: 1,
      }),
    ),
    answers: Type.Optional(
      Type.Record(Type.String(), Type.String(), {
        description:
          'Answer -> what to read off the attempt (src/exercises/observe.ts); or `value of promql: QUERY`, `seconds of`, `trace of traceql: QUERY`; or the answer itself after =',
      }),
    ),
  },
  { ...closed, title: 'otel-lab solution', description: 'solutions/NN-slug/solution.yaml: what --apply does.' },
)

export type MoreSpec = Static<typeof More>
export type AnswerSpec = Static<typeof Answer>
export type Hint = Static<typeof Hint>
export type WrongSpec = Static<typeof Wrong>
export type SolutionFile = Static<typeof Solution>
