import { basename } from 'node:path'
import { LabError } from '../errors.ts'
import { table } from '../util/table.ts'
import { settling } from './checks/query-check.ts'
import type { CheckContext } from './context.ts'
import type { SolutionFile } from './exercise.ts'
import { exemplarTraces, failuresOf } from './failures.ts'
import { ask, type Language, type Row, VISIBLE_OF } from './query.ts'
import { durationsOf, momentsOf } from './readings.ts'
import { fill } from './values.ts'
import { waitFor } from './wait.ts'

type Scope = Pick<CheckContext, 'lab' | 'attempt'>

/** What one can read off an attempt, by the names that solution.yaml uses. */
const READINGS = table<(scope: Scope) => Promise<string | undefined>>({
  'root-span-duration': async (scope) => {
    const [root] = await durationsOf(scope)
    return root && `${(root.ms / 1000).toFixed(2)}s`
  },
  'visible-by-search': async (scope) => {
    const at = (await momentsOf(scope))?.bySearch
    return at === undefined ? undefined : timeOfDay(at)
  },
  'delay-by-search': async (scope) => {
    const moments = await momentsOf(scope)
    return moments?.bySearch === undefined ? undefined : `${((moments.bySearch - moments.exited) / 1000).toFixed(1)}s`
  },
  'failed-file': async (scope) => basenameOf((await followed(scope))?.file),
  'failed-trace': async (scope) => (await followed(scope))?.traceId,
  'failed-message': async (scope) => (await followed(scope))?.message,
})

const basenameOf = (path: string | undefined) => (path === undefined ? undefined : basename(path))

/** The failure that the metric's exemplar leads to, as a learner would come to it. */
async function followed(scope: Scope) {
  const ids = await waitFor(
    scope.lab,
    { signal: 'metrics', what: 'the exemplar in Prometheus', everyMs: 400 },
    async () => {
      const found = await exemplarTraces(scope)
      return found.length > 0 ? found : undefined
    },
  )
  const failures = await waitFor(scope.lab, { signal: 'trace-by-id', what: 'the failed trace in Tempo' }, async () => {
    const found = await failuresOf(scope)
    return found.length > 0 ? found : undefined
  })
  return failures?.find(({ traceId }) => ids?.includes(traceId)) ?? failures?.[0]
}

type AskedFor = [string, 'value' | 'seconds' | 'count' | 'trace', Language, string]

/** The first row of a query's answer, once there is one. */
async function readOff(scope: Scope, [, part, language, query]: AskedFor): Promise<string | undefined> {
  const filled = fill(query, { ...scope.attempt.values, run: scope.attempt.runId })
  const settled = settling(scope, VISIBLE_OF[language])
  let last: Row[] = []
  const rested = await waitFor(
    scope.lab,
    { signal: VISIBLE_OF[language], what: `the answer to ${filled}` },
    async () => {
      const found = await ask(scope, language, filled)
      // What may still grow is waited for, as the grader does.
      const rests = settled(JSON.stringify(found.map(({ time: _, ...row }) => row)))
      last = found
      return found.length > 0 && rests ? found : undefined
    },
  )
  const rows = rested ?? last
  const [first] = rows
  if (part === 'trace') return first?.traceId
  if (part === 'count') return first && String(rows.length)
  return first?.value === undefined ? undefined : `${first.value}${part === 'seconds' ? 's' : ''}`
}

/** The solution's answers, read off this very attempt. Throws LabError `unsolved` when there is nothing to read. */
export async function solve(scope: Scope, { answers = {} }: SolutionFile): Promise<Record<string, string>> {
  const solved: Record<string, string> = {}
  for (const [key, reading] of Object.entries(answers)) {
    if (reading.startsWith('=')) {
      solved[key] = fill(reading.slice(1).trim(), { ...scope.attempt.values, run: scope.attempt.runId })
      continue
    }
    const asked = /^(value|seconds|count|trace) of (traceql|promql|logql): (.+)$/.exec(reading)
    const read = READINGS[reading]
    if (read === undefined && asked === null)
      throw new LabError('course-broken', `solution.yaml: there is no reading ${reading}`)
    const value = asked ? await readOff(scope, asked as unknown as AskedFor) : await read!(scope)
    if (value === undefined) {
      throw new LabError('unsolved', `the answer ${key} cannot be read off run ${scope.attempt.runId}`, {
        hint: 'otel-lab doctor',
      })
    }
    solved[key] = value
  }
  return solved
}

/** To the tenth of a second, in this machine's zone. */
export function timeOfDay(ms: number): string {
  const at = new Date(ms)
  return `${at.toLocaleTimeString('en-GB')}.${Math.floor(at.getMilliseconds() / 100)}`
}
