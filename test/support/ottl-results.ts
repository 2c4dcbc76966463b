import { replay } from '../../src/embedded/collector/replay.ts'
import { type Context, compileGroup } from '../../src/ottl.ts'
import { configOf, type StatementCase } from './ottl-cases.ts'

/** What became of a case's telemetry. */
export interface StatementResult {
  /** Its resource group as OTLP/JSON; attributes in the order of their names, since maps in Go have none. */
  data?: unknown
  /** What the statement failed with. */
  error?: string
  /** Why it was not taken at all. */
  refused?: string
}

const KNOWN: Record<StatementCase['signal'], Context[]> = {
  traces: ['resource', 'scope', 'span', 'spanevent'],
  metrics: ['resource', 'scope', 'metric', 'datapoint'],
  logs: ['resource', 'scope', 'log'],
}

/** What our collector makes of each case. */
export async function ourResults(cases: readonly StatementCase[]): Promise<Record<string, StatementResult>> {
  const refused: Record<string, StatementResult> = {}
  for (const { name, context, statements, signal } of cases) {
    const compiled = compileGroup({ context, statements, conditions: [] }, KNOWN[signal])
    if ('faults' in compiled) refused[name] = { refused: compiled.faults[0]!.message }
  }
  const taken = cases.filter(({ name }) => refused[name] === undefined)
  const config = configOf(taken, '{protocols: {grpc: {}}}', (signal) => `debug/${signal}: {}`)
  const log: string[] = []
  const requests = taken.map(({ signal, request }) => ({ signal, json: request }))
  const { exported } = await replay(config, requests, {}, (line) => log.push(line))
  const said = new Map<string, string>()
  for (const line of log.join('\n').split('\n')) {
    if (!line.includes('failed to execute statement')) continue
    const { statement, error } = JSON.parse(line) as { statement: string; error: string }
    if (!said.has(statement)) said.set(statement, error)
  }
  return {
    ...normalized(
      taken,
      exported.map(({ json }) => json),
      said,
    ),
    ...refused,
  }
}

/** Requests as they came out, by case. */
export function normalized(
  cases: readonly StatementCase[],
  requests: readonly unknown[],
  said: ReadonlyMap<string, string>,
): Record<string, StatementResult> {
  const byCase = new Map<string, unknown>()
  for (const request of requests) {
    for (const group of Object.values(request as Record<string, unknown[]>).flat()) {
      const id = /"(c\d+)"/.exec(JSON.stringify(group))?.[1]
      if (id !== undefined) byCase.set(id, sorted(group))
    }
  }
  return Object.fromEntries(
    cases.map(({ name, id, statements }) => {
      const error = statements.map((statement) => said.get(statement)).find((one) => one !== undefined)
      return [name, { data: byCase.get(id) ?? null, ...(error === undefined ? {} : { error }) }]
    }),
  )
}

/** Lists of attributes in the order of their keys, and what is empty left out: writers differ in it. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) {
    const items = value.map(sorted)
    const keyed = items.every((one) => typeof one === 'object' && one !== null && 'key' in one) as boolean
    return keyed ? items.sort((a, b) => ((a as { key: string }).key < (b as { key: string }).key ? -1 : 1)) : items
  }
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value)
    .map(([key, inner]) => [key, sorted(inner)] as const)
    .filter(([, inner]) => !(inner === '' || inner === 0 || (Array.isArray(inner) && inner.length === 0)))
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)))
}
