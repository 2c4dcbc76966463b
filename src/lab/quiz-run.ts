import { openBackends } from '../backends.ts'
import { openEngine } from '../engine/choose.ts'
import { LabError } from '../errors.ts'
import { ask } from '../exercises/query.ts'
import type { ObservedRun } from '../quiz.ts'
import { readRuns } from '../workspace/runs.ts'
import type { Workspace } from '../workspace.ts'

const OTHERS = 8
const TIMEOUT_MS = 5_000
/** After a run's end its metrics are scraped at the latest, and for some minutes more; then an instant query finds none. */
const SCRAPED_MS = 30_000

/** The last run of a lab that is up; undefined where there is none. */
export async function lastRun(workspace: Workspace, signal: AbortSignal): Promise<ObservedRun | undefined> {
  const [last, ...before] = (await readRuns(workspace)).filter(({ endedAt }) => endedAt !== undefined)
  if (last === undefined) return undefined
  try {
    const engine = await openEngine(workspace)
    const backends = openBackends(await engine.endpoints())
    const others = before.slice(0, OTHERS)
    const startedAt = Math.min(last.startedAt, ...others.map((run) => run.startedAt))
    const scope = { lab: { backends, signal, now: Date.now }, attempt: { startedAt } }
    return {
      id: last.id,
      others: others.map(({ id }) => id),
      ask(language, query, runId = last.id) {
        const { endedAt = Date.now() } = others.find(({ id }) => id === runId) ?? last
        const time = Math.min(Date.now(), endedAt + SCRAPED_MS)
        return ask(scope, language, query, { time, timeoutMs: TIMEOUT_MS })
      },
    }
  } catch (error) {
    // A lab that is down asks what needs none.
    if (error instanceof LabError && error.code === 'lab-down') return undefined
    throw error
  }
}
