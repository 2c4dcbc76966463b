import { Type } from '@sinclair/typebox'
import { LabError, QueryError } from '../../errors.ts'
import { defineAnswer } from '../answer-kind.ts'
import { notThere } from '../checks/not-there.ts'
import type { CheckContext } from '../context.ts'
import { Drive } from '../format/drive.ts'
import { text, word } from '../format/words.ts'
import { type Asked, ask, byHand, type Language, type Row, SIGNAL_OF, VISIBLE_OF } from '../query.ts'
import { fail, type Outcome, pass } from '../verdict.ts'
import { waitFor } from '../wait.ts'
import { type Alike, difference } from './query/compare.ts'
import { asked, drivenRun, earlierRuns, type OtherData, otherDrives } from './query/other-data.ts'
import { readQuery } from './query/text.ts'
import { unreadable } from './shared.ts'

const TIMEOUT_MS = 5_000
/** No run has such an id. */
const NO_RUN = 'r0000000000-no-such-run'

/** A query that the learner has written, judged by what it gives here and on other data, never by its text. */
export const query = defineAnswer({
  as: 'query',
  about: 'A query, graded by what it gives for this attempt and for other runs, beside what the reference gives there',
  parameters: {
    language: word(['traceql', 'promql', 'logql']),
    reference: text('A query that gives the right result; it must name this attempt by ${run}'),
    by: Type.Optional(
      word(
        ['values', 'lines', 'traces', 'spans'],
        'What must be the same; unless said, spans, values, or lines of a log query',
      ),
    ),
    labels: Type.Optional(Type.Array(Type.String(), { description: 'Labels whose values must be the same as well' })),
    tolerance: Type.Optional(
      Type.Union([Type.Number({ minimum: 0 }), Type.String({ pattern: '^\\d+(\\.\\d+)?%$' })], {
        description: 'How far values may differ: a number, or a share such as 5%',
      }),
    ),
    order: Type.Optional(Type.Boolean({ description: 'The order of the rows counts' })),
    others: Type.Optional(
      Type.Array(Drive, { description: 'What is run to have other data, where no earlier run differs', minItems: 1 }),
    ),
  },
  lint: ({ reference }) =>
    reference.includes('${run}') ? [] : [`the reference must name this attempt by \${run}: ${reference}`],
  async grade(context, spec, how, answer) {
    const given = readQuery(answer, how.language)
    if (!given.ok) return unreadable(context, spec.answer, answer, given)
    const shown = { query: byHand(how.language, given.value) }
    const signal = VISIBLE_OF[how.language]
    const right = await waitFor(context.lab, { signal, what: 'what the query is about' }, async () => {
      const rows = await ask(context, how.language, how.reference, { timeoutMs: TIMEOUT_MS })
      return rows.length > 0 ? rows : undefined
    })
    if (right === undefined) return notThere(context, SIGNAL_OF[how.language], 'what the query is about')
    try {
      return { ...(await judge(context, { ...how, given: given.value, right })), ...shown }
    } catch (error) {
      const refused = refusal(error, how.language)
      if (refused === undefined) throw error
      return { ...refused, ...shown }
    }
  },
})

interface Judged {
  language: Language
  reference: string
  by?: Alike['by']
  labels?: readonly string[]
  tolerance?: number | string
  order?: boolean
  others?: readonly unknown[]
  given: string
  right: Row[]
}

async function judge(context: CheckContext, how: Judged): Promise<Outcome> {
  const { attempt, lab } = context
  const { language, given, reference } = how
  const alike = likenessOf(how)
  // Both in one moment: what still grows is the same for both.
  const both = async (runId: string, when: Asked) => {
    const moment = { ...when, time: when.time ?? lab.now(), timeoutMs: TIMEOUT_MS }
    const texts = [reference, given].map((one) => asked(one, attempt, runId))
    return Promise.all(texts.map((one) => ask(context, language, one, moment)))
  }
  const live = await different(() => both(attempt.runId, {}), alike)
  if (live) {
    return fail('other-result', `for this attempt it gives ${live.given}, and that is not what was asked for`, {
      why: 'It is not judged by how it is written, only by what it gives',
      next: `Compare what it gives with what the question asks: ${byHand(language, given)}`,
    })
  }
  const none = await different(() => both(NO_RUN, {}), alike)
  if (none) {
    return fail('constant', `for a run that there never was it gives ${none.given} too`, {
      why: 'It does not ask about the run: a number, an id or a name is written into it, or it takes all that there is',
      next: `Let the run's id, ${attempt.runId}, be all that ties it to this attempt`,
    })
  }
  const question = { language, reference, alike, rows: how.right }
  const others = await earlierRuns(context, question)
  const drives = (how.others ?? otherDrives(context.exercise.drive)) as Parameters<typeof drivenRun>[2]
  const driven = others.length > 0 ? undefined : await drivenRun(context, question, drives)
  for (const other of [...others, ...(driven ? [driven] : [])]) {
    const differs = await different(() => both(other.runId, { window: other.window }), alike)
    if (differs) return differsOn(other, differs)
  }
  return pass(`right for this attempt${proofOf(others, driven)}`)
}

function likenessOf({ language, right, by, labels, tolerance, order }: Judged): Alike {
  const usual = language === 'traceql' ? 'spans' : right[0]?.line === undefined ? 'values' : 'lines'
  return {
    by: by ?? usual,
    ...(labels ? { labels } : {}),
    ...(tolerance === undefined ? {} : { tolerance }),
    ...(order ? { order } : {}),
  }
}

/** Asked twice before it counts: what arrives between the two questions is nobody's fault. */
async function different(both: () => Promise<Row[][]>, alike: Alike) {
  const once = async () => {
    const [wanted, given] = (await both()) as [Row[], Row[]]
    return difference(wanted, given, alike)
  }
  return (await once()) && once()
}

const differsOn = ({ what }: OtherData, { given, wanted }: { given: string; wanted: string }) =>
  fail('other-data', `right for this attempt, but for ${what}, it gives ${given} where ${wanted} is right`, {
    why: 'What holds for one run only by chance, or because it was written into the query, tells nothing about the next one',
    next: 'Ask for what makes it so, not for what it happened to be in this run',
  })

function proofOf(others: readonly OtherData[], driven: OtherData | undefined): string {
  const runs = [...others, ...(driven ? [driven] : [])]
  if (runs.length === 0) return ' and empty for a run that never was'
  return runs.length === 1 ? ' and for another run' : ` and for ${runs.length} other runs`
}

/** A query that the backend does not take, or not in time: nobody's guess. */
function refusal(error: unknown, language: Language): Outcome | undefined {
  if (error instanceof QueryError) {
    return fail('query-refused', `it is refused: ${error.message}`, {
      next: `Mend it until it runs: otel-lab query ${language === 'traceql' ? 'tempo' : language === 'promql' ? 'prometheus' : 'loki'} '...'`,
      free: true,
    })
  }
  if (error instanceof LabError && (error.code === 'backend-slow' || error.code === 'answer-too-big')) {
    return fail('too-slow', `it is not answered within ${TIMEOUT_MS / 1000} s: ${error.message}`, {
      next: 'Ask for less: name the run, a shorter time, fewer series',
      free: true,
    })
  }
  return undefined
}
