import { type Static, Type } from '@sinclair/typebox'
import { defineCheck } from '../check-kind.ts'
import { closed } from '../format/words.ts'
import type { Language } from '../query.ts'
import { type Question, quietWindow } from './quiet-window.ts'

const Asked = Type.Union([
  Type.Object({ traceql: Type.String() }, closed),
  Type.Object({ promql: Type.String() }, closed),
  Type.Object({ logql: Type.String() }, closed),
])

function questionOf(asked: Static<typeof Asked>): Question {
  const [[language, query]] = Object.entries(asked) as [[Language, string]]
  return { language, query }
}

export const absent = defineCheck({
  name: 'absent',
  about: 'Something does not come: judged after other telemetry has come the same way, and over a quiet while',
  parameters: {
    absent: Type.Unsafe<Static<typeof Asked>>({ ...Asked, description: 'What must find nothing' }),
    proof: Type.Unsafe<Static<typeof Asked>>({
      ...Asked,
      description: 'What must find something first, so that an empty answer means what it says',
    }),
    quiet: Type.Optional(Type.Number({ description: 'Seconds of quiet; 2 unless said', minimum: 0.5, maximum: 60 })),
  },
  words: {
    expected: 'nothing of it, while the rest comes through',
    why: 'Empty is no proof by itself: a broken way is as empty as a good filter',
  },
  lint: ({ absent: none, proof }) =>
    [none, proof]
      .map((one) => questionOf(one).query)
      .flatMap((query) =>
        /\$\{(run|trace)\}/.test(query) ? [] : [`the query must name this attempt by \${run} or \${trace}: ${query}`],
      ),
  run: (context, { absent: none, proof, quiet }) =>
    quietWindow(context, questionOf(none), questionOf(proof), quiet === undefined ? {} : { quietMs: quiet * 1000 }),
})
