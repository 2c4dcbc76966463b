import { basename } from 'node:path'
import { LabError } from '../errors.ts'
import { table } from '../util/table.ts'
import type { CheckContext } from './context.ts'
import type { SolutionFile } from './exercise.ts'
import { exemplarTraces, failuresOf } from './failures.ts'
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

/** The solution's answers, read off this very attempt. Throws LabError `unsolved` when there is nothing to read. */
export async function solve(scope: Scope, { answers = {} }: SolutionFile): Promise<Record<string, string>> {
  const solved: Record<string, string> = {}
  for (const [key, reading] of Object.entries(answers)) {
    if (reading.startsWith('=')) {
      solved[key] = fill(reading.slice(1).trim(), scope.attempt.values)
      continue
    }
    const read = READINGS[reading]
    if (read === undefined) throw new LabError('course-broken', `solution.yaml: there is no reading ${reading}`)
    const value = await read(scope)
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
