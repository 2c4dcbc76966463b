import { readFileSync } from 'node:fs'
import { parse } from 'yaml'
import { type CaseKind, requestOf } from './ottl-requests.ts'

/** A kind's statements, and what they are put to. */
interface CaseGroup {
  /** Where the name is not that of a kind. */
  of?: CaseKind
  input: Record<string, unknown>
  /** Expressions: each is set as "r". */
  values?: string[]
  /** Conditions: under each "r" is set. */
  conditions?: string[]
  cases?: (string | string[])[]
}

export interface StatementCase {
  /** By which the result is kept. */
  name: string
  /** Its place, by which telemetry finds its statements. */
  id: string
  context: string
  signal: 'traces' | 'metrics' | 'logs'
  statements: string[]
  request: Record<string, unknown[]>
}

const CONTEXTS: Record<CaseKind, [signal: StatementCase['signal'], own: string]> = {
  log: ['logs', 'log'],
  resource: ['logs', 'resource'],
  scope: ['logs', 'scope'],
  span: ['traces', 'span'],
  spanevent: ['traces', 'spanevent'],
  metric: ['metrics', 'metric'],
  datapoint: ['metrics', 'datapoint'],
  histogram: ['metrics', 'datapoint'],
  gauges: ['metrics', 'metric'],
  sums: ['metrics', 'metric'],
  histograms: ['metrics', 'metric'],
  exponentials: ['metrics', 'metric'],
  summaries: ['metrics', 'metric'],
}

/** statements.yaml: ours; documented.yaml: the documentation's. */
export const STATEMENT_FILES = ['statements', 'documented'] as const

export function statementCases(file: (typeof STATEMENT_FILES)[number]): StatementCase[] {
  const groups = parse(readFileSync(`test/ottl/${file}.yaml`, 'utf8')) as Record<string, CaseGroup>
  let number = 0
  return Object.entries(groups).flatMap(([title, { of, input, values = [], conditions = [], cases = [] }]) => {
    const kind = of ?? (title as CaseKind)
    const [signal, context] = CONTEXTS[kind]
    const target = context === 'metric' ? 'metric.metadata["r"]' : `${context}.attributes["r"]`
    const set = values.map((value) => `set(${target}, ${value})`)
    const held = conditions.map((condition) => `set(${target}, true) where ${condition}`)
    return [...set, ...held, ...cases].map((one) => {
      const statements = [one].flat()
      const id = `c${number++}`
      const name = `${title}: ${statements.join('; ')}`
      return { name, id, context, signal, statements, request: requestOf(kind, id, input) }
    })
  })
}

/** The log tells complaints by statement alone: no statement is twice in a round. */
export function roundsOf(cases: readonly StatementCase[]): StatementCase[][] {
  const rounds: { cases: StatementCase[]; taken: Set<string> }[] = []
  for (const one of cases) {
    const fits = rounds.find(({ taken }) => !one.statements.some((statement) => taken.has(statement)))
    const round = fits ?? { cases: [], taken: new Set() }
    if (fits === undefined) rounds.push(round)
    round.cases.push(one)
    for (const statement of one.statements) round.taken.add(statement)
  }
  return rounds.map((round) => round.cases)
}

/** One config for all of them: each statement is for the telemetry that bears its number. */
export function configOf(
  cases: readonly StatementCase[],
  receiver: string,
  exporter: (signal: string) => string,
): string {
  const groups = (signal: string) =>
    cases
      .filter((one) => one.signal === signal)
      .map(({ id, context, statements }) => ({
        context,
        conditions: [`resource.attributes["case"] == "${id}"`],
        statements,
      }))
  const transform = {
    error_mode: 'ignore',
    trace_statements: groups('traces'),
    metric_statements: groups('metrics'),
    log_statements: groups('logs'),
  }
  const pipeline = (signal: string) =>
    `    ${signal}: {receivers: [otlp], processors: [transform], exporters: [${exporter(signal).split(':')[0]}]}`
  return `receivers:
  otlp: ${receiver}
processors:
  transform: ${JSON.stringify(transform)}
exporters:
  ${['traces', 'metrics', 'logs'].map(exporter).join('\n  ')}
service:
  telemetry: {metrics: {level: none}, logs: {encoding: json, sampling: {enabled: false}}}
  pipelines:
${['traces', 'metrics', 'logs'].map(pipeline).join('\n')}
`
}
