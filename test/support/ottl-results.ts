import { replay } from '../../src/embedded/collector/replay.ts'
import { type Context, compileGroup, transformFunctions } from '../../src/ottl.ts'
import { configOf, roundsOf, type StatementCase } from './ottl-cases.ts'

/** What became of a case's telemetry. */
export interface StatementResult {
  /** What is other than it was, by its place; null where it is gone. Attributes are told by their keys: maps in Go have no order. */
  changed?: Record<string, unknown>
  /** What a statement failed with. */
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
    const compiled = compileGroup({ context, statements, conditions: [] }, KNOWN[signal], transformFunctions)
    if ('faults' in compiled) refused[name] = { refused: compiled.faults[0]!.message }
  }
  const results = { ...refused }
  const taken = cases.filter(({ name }) => refused[name] === undefined)
  for (const round of roundsOf(taken)) Object.assign(results, await ourRound(round))
  return results
}

async function ourRound(taken: readonly StatementCase[]): Promise<Record<string, StatementResult>> {
  const config = configOf(taken, '{protocols: {grpc: {}}}', (signal) => `debug/${signal}: {}`)
  const log: string[] = []
  const requests = taken.map(({ signal, request }) => ({ signal, json: request }))
  const { exported } = await replay(config, requests, {}, (line) => log.push(line))
  const out = exported.map(({ json }) => json)
  return resultsOf(taken, out, log.join('\n'))
}

/** By case, of the requests that came out and the collector's log. */
export function resultsOf(
  cases: readonly StatementCase[],
  requests: readonly unknown[],
  log: string,
): Record<string, StatementResult> {
  const said = complaints(log)
  const byCase = new Map<string, unknown>()
  for (const request of requests) {
    for (const group of groupsOf(request)) {
      const id = /"(c\d+)"/.exec(JSON.stringify(group))?.[1]
      if (id !== undefined) byCase.set(id, group)
    }
  }
  return Object.fromEntries(
    cases.map(({ name, id, statements, request }) => {
      const error = statements.map((statement) => said.get(statement)).find((one) => one !== undefined)
      const changed = changes(leaves(groupsOf(request)[0]), leaves(byCase.get(id)))
      return [name, { changed, ...(error === undefined ? {} : { error }) }]
    }),
  )
}

const groupsOf = (request: unknown) => Object.values(request as Record<string, unknown[]>).flat()

/** By statement: the first thing that was said of it. */
function complaints(log: string): Map<string, string> {
  const said = new Map<string, string>()
  for (const line of log.split('\n')) {
    if (!line.includes('failed to execute statement')) continue
    const { statement, error } = JSON.parse(line) as { statement: string; error: string }
    // In front Go names the type of the getter that asked.
    if (!said.has(statement)) said.set(statement, error.replace(/error getting value in ottl\.\S+: /g, ''))
  }
  return said
}

/** Everything in a message by its place; what is empty counts as not there, since writers differ in it. */
function leaves(value: unknown, at = '', into = new Map<string, unknown>()): Map<string, unknown> {
  if (typeof value !== 'object' || value === null) {
    // The last digits of a double depend on who works it out.
    const told = typeof value === 'number' ? Number(value.toPrecision(14)) : (value as string)
    if (told !== '' && told !== 0 && told !== undefined) into.set(at, told)
    return into
  }
  const keyed = (one: unknown): one is { key: string; value?: unknown } =>
    typeof one === 'object' && one !== null && 'key' in one
  const empty = (one: unknown) => Array.isArray(one) && one.length === 0
  // What puts points together hands them out in no order.
  const items = at.endsWith('.dataPoints') ? byAttributes(value as Point[]) : (value as unknown[])
  const entries = Array.isArray(value)
    ? items.map((one, i) => (keyed(one) ? [`[${one.key}]`, one.value ?? {}] : [`[${i}]`, one]))
    : Object.entries(value)
        .filter(([, one]) => !empty(one))
        .map(([key, one]) => [at === '' ? key : `.${key}`, one])
  // An empty map is a value, an empty list of something is not.
  if (entries.length === 0 && /\]$|Value$/.test(at)) into.set(at, {})
  for (const [key, one] of entries) leaves(one, `${at}${key as string}`, into)
  return into
}

type Point = { attributes?: unknown[] }

function byAttributes(points: Point[]): Point[] {
  const key = ({ attributes = [], ...rest }: Point) =>
    JSON.stringify([attributes.map((one) => JSON.stringify(one)).sort(), rest])
  return [...points].sort((a, b) => (key(a) < key(b) ? -1 : 1))
}

function changes(before: Map<string, unknown>, after: Map<string, unknown>): Record<string, unknown> {
  const places = [...new Set([...before.keys(), ...after.keys()])].sort()
  const other = places.filter((place) => JSON.stringify(before.get(place)) !== JSON.stringify(after.get(place)))
  return Object.fromEntries(other.map((place) => [place, after.get(place) ?? null]))
}
