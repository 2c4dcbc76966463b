import { type Static, Type } from '@sinclair/typebox'
import type { SpecOf } from '../check-kind.ts'
import type { CheckContext } from '../context.ts'
import { Expect, type ExpectSpec, type Unmet, unmetBy } from '../expect.ts'
import { closed } from '../format/words.ts'
import { anyOf, ask, byHand, type Language, linesOf, longWindowOf, type Row, SIGNAL_OF, VISIBLE_OF } from '../query.ts'
import { fail, type Outcome, pass } from '../verdict.ts'
import { seconds, waitFor } from '../wait.ts'
import { cannotCome, notThere } from './not-there.ts'
import { quietWindow } from './quiet-window.ts'

const Say = Type.Object(
  {
    seen: Type.Optional(Type.String({ description: 'What was seen, in words; ${seen} is what the result was' })),
    why: Type.Optional(Type.String()),
    next: Type.Optional(Type.String({ description: 'The next command or act' })),
  },
  closed,
)

export const queryParameters = (language: string) => ({
  query: Type.String({ description: `${language}. It must name this attempt by \${run} or \${trace}` }),
  expect: Type.Optional(Expect),
  hides: Type.Optional(
    Type.Boolean({ description: 'A pass does not tell what the result was: the learner is to find it' }),
  ),
  says: Type.Optional(
    Type.Record(Type.String({ pattern: '^[a-z-]+$' }), Say, {
      description: 'Own words for a case: empty, count, value, labels, every, line, order, distinct, not-none',
    }),
  ),
})

type Parameters = ReturnType<typeof queryParameters>
type Says = Record<string, Static<typeof Say>>

export function lintQuery({ query, expect }: SpecOf<Parameters>): string[] {
  return [
    ...(/\$\{(run|trace)\}/.test(query) ? [] : [`the query must name this attempt by \${run} or \${trace}: ${query}`]),
    ...lintExpect(expect),
  ]
}

export function lintExpect(expect: ExpectSpec | undefined): string[] {
  const values = [...Object.values(expect?.labels ?? {}), ...Object.values(expect?.every ?? {})].map(String)
  const patterns = [...values.flatMap((value) => /^\/(.*)\/$/.exec(value)?.[1] ?? []), expect?.line ?? '']
  return patterns.flatMap((pattern) => {
    try {
      new RegExp(pattern)
      return []
    } catch (error) {
      return [(error as Error).message]
    }
  })
}

/** Asks until the expectation is met; a result that stays as it is, and is wrong, is not waited for to the end. */
export async function runQuery(
  context: CheckContext,
  language: Language,
  { query, expect = {}, hides, says = {} }: SpecOf<Parameters>,
): Promise<Outcome> {
  const { lab } = context
  const shown = { query: byHand(language, query) }
  if (expect.none) {
    const proof = { language, query: anyOf(language, context.attempt.runId) }
    return quietWindow(
      context,
      { language, query },
      proof,
      says['not-none']?.next ? { next: says['not-none'].next } : {},
    )
  }
  const signal = VISIBLE_OF[language]
  const settle = settling(context, signal)
  let rows: Row[] = []
  const decided = await waitFor(
    lab,
    { signal, what: `the answer to ${query}` },
    async () => {
      rows = await ask(context, language, query)
      const unmet = unmetBy(rows, expect)
      if (unmet === undefined) return { met: true as const }
      return unmet.case !== 'empty' && settle(JSON.stringify(rows.map(withoutTime))) ? { unmet } : undefined
    },
    async () => rows.length === 0 && (await cannotCome(context, SIGNAL_OF[language])),
  )
  if (decided && 'met' in decided) {
    const traceId = rows.find((row) => row.traceId)?.traceId
    return pass(hides ? 'it is there' : inWords(rows), { ...shown, ...(traceId ? { traceId } : {}), result: rows })
  }
  const unmet = decided?.unmet ?? unmetBy(rows, expect)!
  if (unmet.case === 'empty') {
    const elsewhen = language === 'traceql' ? await atAnotherTime(context) : undefined
    if (elsewhen) return { ...elsewhen, ...shown }
    const outcome = await notThere(context, SIGNAL_OF[language], `what ${query} asks for`)
    // The run's telemetry has come, only not this: then it is wrong and not late.
    const isElse = outcome.case === 'not-yet' || (outcome.case === 'query' && namesItsTime(query))
    if (isElse && (await somethingCame(context, language, query))) return saying(unmet, says, shown)
    return { ...outcome, ...shown }
  }
  return saying(unmet, says, shown)
}

const withoutTime = ({ time: _, ...row }: Row) => row

/** True once the same has been seen for as long as something more could still be on its way. */
export function settling(
  { lab }: Pick<CheckContext, 'lab'>,
  signal: 'trace-by-search' | 'metrics' | 'logs',
): (state: string) => boolean {
  const needed = signal === 'metrics' ? lab.deadline(signal) * 0.6 : Math.min(3_000, lab.deadline(signal) * 0.6)
  let last: string | undefined
  let since = 0
  return (state) => {
    if (state !== last) {
      last = state
      since = lab.now()
    }
    return lab.now() - since >= needed
  }
}

/** All of the run's spans are there, under times that are not those of the attempt. */
async function atAnotherTime(context: CheckContext): Promise<Outcome | undefined> {
  const { startedAt, endedAt, runId } = context.attempt
  const asked = anyOf('traceql', runId)
  const within = await ask(context, 'traceql', asked)
  if (within.length > 0) return undefined
  const { start, end } = longWindowOf(context)
  const found = await ask(context, 'traceql', asked, { window: { start, end: end + end - start } })
  const times = found.flatMap(({ time }) => time ?? [])
  const [first] = times.sort((a, b) => a - b)
  if (first === undefined) return undefined
  const off =
    first < startedAt ? `${seconds(startedAt - first)} before it began` : `${seconds(first - endedAt)} after it ended`
  return fail('elsewhen', `the spans of this run are in Tempo under other times than those of the run: ${off}`, {
    why: 'A backend files telemetry under the times that it carries, and nobody looks for it there',
    next: 'What changes the times of what is right? otel-lab config diff',
  })
}

/** Over a range: it finds what is older than the attempt, whenever the lines say that it happened. */
const namesItsTime = (query: string) => /\[\d+[smh]\]/.test(query)

async function somethingCame(context: CheckContext, language: Language, query: string): Promise<boolean> {
  const { runId } = context.attempt
  const found =
    language === 'logql' && namesItsTime(query)
      ? linesOf(runId).map((lines) => ask(context, language, lines, { window: longWindowOf(context) }))
      : [ask(context, language, anyOf(language, runId))]
  const rows = await Promise.all(found.map((one) => one.catch(() => [])))
  return rows.flat().length > 0
}

export function saying(unmet: Unmet, says: Says, shown: { query: string }): Outcome {
  const own = says[unmet.case]
  const seen = own?.seen?.replaceAll('${seen}', unmet.seen) ?? unmet.seen
  return fail(unmet.case, seen, {
    ...(own?.why ? { why: own.why } : {}),
    next: own?.next ?? `Ask by hand and compare: ${shown.query}`,
    ...shown,
  })
}

function inWords(rows: readonly Row[]): string {
  const [first] = rows
  if (first === undefined) return 'nothing, as it should be'
  const value = first.value === undefined ? '' : String(Math.round(first.value * 1000) / 1000)
  const name = first.labels.name ?? first.labels.__name__ ?? first.line?.slice(0, 80) ?? ''
  const shown = [name, value].filter((part) => part !== '').join(' ')
  return `${rows.length === 1 ? '1 row' : `${rows.length} rows`}${shown === '' ? '' : `: ${shown}`}`
}
