import type { Competency } from '../exercises/format/competencies.ts'
import type { Language, Row } from '../exercises/query.ts'
import { fill } from '../exercises/values.ts'
import type { Choice, Find, Made, MadeChoice, Question, Take, Written } from './format.ts'
import type { ObservedRun } from './run.ts'

/** To be answered by a query. */
export interface QueryQuestion {
  id: string
  competency: Competency
  ask: string
  query: { language: Language; reference: string; labels?: string[]; tolerance?: string; run: string }
  says: string
}
export type AskedQuestion = (Question & { competency: Competency }) | QueryQuestion

/** So many other values of one query become wrong choices. */
const MOST_OTHERS = 3
const LEAST_CHOICES = 3

/** The questions that this run's telemetry has an answer to. */
export async function makeQuestions(made: readonly (Made | Written)[], run: ObservedRun): Promise<AskedQuestion[]> {
  const asked = new Map<string, Promise<Row[]>>()
  const ask = (find: Find, values: Values): Promise<Row[]> => {
    const [[language, text]] = Object.entries(find) as [[Language, string]]
    const query = fill(text, values)
    const key = `${language} ${query}`
    if (!asked.has(key)) asked.set(key, run.ask(language, query))
    return asked.get(key)!
  }
  const questions: AskedQuestion[] = []
  // One after the other: it is the learner's own stack that is asked.
  for (const one of made) {
    const question = 'write' in one ? await written(one, run, ask) : await chosen(one, run, ask)
    if (question) questions.push(question)
  }
  return questions
}

type Values = Readonly<Record<string, string>>
type Ask = (find: Find, values: Values) => Promise<Row[]>

async function written({ write, ...one }: Written, run: ObservedRun, ask: Ask): Promise<QueryQuestion | undefined> {
  const values = { run: run.id }
  const rows = await ask({ [write.language]: write.reference } as Find, values)
  if (rows.length === 0) return undefined
  return { ...one, ask: fill(one.ask, values), query: { ...write, run: run.id } }
}

async function chosen(made: Made, run: ObservedRun, ask: Ask): Promise<AskedQuestion | undefined> {
  const { id, competency, choices } = made
  const values: Record<string, string> = { run: run.id }
  for (const [name, { find, take }] of Object.entries(made.given ?? {})) {
    const [value] = taken(await ask(find, values), take)
    if (value === undefined) return undefined
    values[name] = value
  }
  const right = choices.find((choice) => choice.right)!
  const [first] = await filled(right, values, ask)
  if (first === undefined) return undefined
  const wrong = await Promise.all(
    choices.filter((choice) => !choice.right).map((choice) => filled(choice, values, ask, first.value)),
  )
  const all: Choice[] = []
  // Two that read the same would both be right.
  for (const { value: _, ...choice } of [first, ...wrong.flat()])
    if (all.every(({ text }) => text !== choice.text)) all.push(choice)
  return all.length < LEAST_CHOICES ? undefined : { id, competency, ask: fill(made.ask, values), choices: all }
}

/** The choices that one line of the file makes, with the value that each was made of. */
async function filled(
  { find, take, key, right, says, text }: MadeChoice,
  values: Values,
  ask: Ask,
  not?: string,
): Promise<(Choice & { value: string })[]> {
  const found = find && take ? taken(await ask(find, values), take, not) : ['']
  return found.map((value, i) => {
    const all = { ...values, value, file: value.split('/').at(-1)! }
    return {
      key: i === 0 ? key : `${key}-${i + 1}`,
      ...(right ? { right } : {}),
      text: fill(text ?? '${value}', all),
      says: fill(says, all),
      value,
    }
  })
}

/** What is taken of a result; nothing where it does not say. */
function taken(rows: readonly Row[], take: Take, not?: string): string[] {
  if (rows.length === 0) return []
  if (take === 'count') return [String(rows.length)]
  if (take === 'value') return rows.length === 1 && Number.isFinite(rows[0]!.value) ? [inShort(rows[0]!.value!)] : []
  const { label, of } = take
  const having = rows.filter(({ labels, traceId }) => labelOf(labels, traceId, label) !== undefined)
  const named = (row: Row | undefined) => (row ? [labelOf(row.labels, row.traceId, label)!] : [])
  const byValue = having.toSorted((a, b) => (a.value ?? 0) - (b.value ?? 0))
  if (of === 'first') return named(having[0])
  if (of === 'most') return named(byValue.at(-1))
  if (of === 'least') return named(byValue[0])
  return [...new Set(having.flatMap(named))].filter((value) => value !== not).slice(0, MOST_OTHERS)
}

const labelOf = (labels: Row['labels'], traceId: string | undefined, label: string): string | undefined =>
  labels[label] ?? (label === 'trace_id' ? traceId : undefined)

/** Three digits say as much as anybody reads. */
const inShort = (value: number) => String(Number.isInteger(value) ? value : Number(value.toPrecision(3)))
