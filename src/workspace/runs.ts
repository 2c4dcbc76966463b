import { appendFile, readFile } from 'node:fs/promises'
import { writeFileAtomic } from '../util/atomic-write.ts'
import type { Workspace } from '../workspace.ts'

/** A program that was run under observation, as the lab remembers it. Times in milliseconds since the epoch. */
export interface RunRecord {
  id: string
  /** What a learner would call it: `run stress`, or the command line. */
  name: string
  startedAt: number
  /** Absent while it runs. */
  endedAt?: number
  exitCode?: number
  /** Of the environment that it was started from, what decides about telemetry; secrets are not in it. */
  env?: Record<string, string>
  /** The end of what it said, where the lab has read it. */
  output?: string[]
  /** What the collector had counted when it began, where nobody looks into the collector. */
  before?: readonly object[]
}

const DECIDES = /^(?:OTEL_\w+|TRACEPARENT|(?:grpc|http|https|no|no_grpc)_proxy|(?:HTTP|HTTPS|NO)_PROXY)$/
const SECRET = /HEADERS|CERTIFICATE|KEY|TOKEN|SECRET|PASSWORD/
const LINES = 20
const LINE = 300

/** What of an environment is worth to be remembered. */
function telling(env: Readonly<Record<string, string | undefined>> = {}): Record<string, string> {
  const told = Object.entries(env).filter((pair): pair is [string, string] => DECIDES.test(pair[0]) && !!pair[1])
  return Object.fromEntries(
    told.map(([name, value]) => [name, SECRET.test(name) ? 'set' : value.replace(/\/\/[^/@\s]*@/, '//***@')]),
  )
}

/** So many runs are shown; the file holds a few times as many lines before it is written anew. */
const KEPT = 100

const fileOf = (workspace: Workspace) => workspace.statePath('runs.jsonl')

export interface Recorded {
  id: string
  name: string
  env?: Readonly<Record<string, string | undefined>>
  /** Fills while it runs. */
  output?: readonly string[]
  before?: readonly object[]
}

/** Does `work` and remembers it: when it begins and again when it has ended. A lab that cannot be written to runs all the same. */
export async function recorded<T extends { startedAt: Date; endedAt: Date; exitCode: number }>(
  workspace: Workspace,
  { id, name, env, output = [], before }: Recorded,
  work: () => Promise<T>,
): Promise<T> {
  const keep = (run: RunRecord) => appendFile(fileOf(workspace), `${JSON.stringify(run)}\n`).catch(() => {})
  const began = Date.now()
  const more = () => {
    const tail = output.slice(-LINES).map((line) => line.slice(0, LINE))
    return { env: telling(env), ...(tail.length > 0 ? { output: tail } : {}), ...(before ? { before } : {}) }
  }
  await keep({ id, name, startedAt: began })
  try {
    const result = await work()
    const { startedAt, endedAt, exitCode } = result
    await keep({ id, name, startedAt: startedAt.getTime(), endedAt: endedAt.getTime(), exitCode, ...more() })
    return result
  } catch (error) {
    await keep({ id, name, startedAt: began, endedAt: Date.now(), exitCode: 1, ...more() })
    throw error
  }
}

/** What was run last, where that was so lately that its telemetry may still be on its way. */
export async function lateRun(workspace: Workspace, now: number, withinMs: number): Promise<RunRecord | undefined> {
  const [last] = await readRuns(workspace)
  return last && now - (last.endedAt ?? last.startedAt) < withinMs ? last : undefined
}

/** The newest first. */
export async function readRuns(workspace: Workspace): Promise<RunRecord[]> {
  const text = await readFile(fileOf(workspace), 'utf8').catch(() => '')
  const lines = text.split('\n')
  const runs = new Map<string, RunRecord>()
  for (const line of lines) {
    try {
      const run = JSON.parse(line) as RunRecord
      if (typeof run.id === 'string' && typeof run.startedAt === 'number') runs.set(run.id, run)
    } catch {
      // A line that was torn, or the empty one at the end.
    }
  }
  const kept = [...runs.values()].sort((a, b) => b.startedAt - a.startedAt).slice(0, KEPT)
  if (lines.length > KEPT * 6) {
    const anew = kept.toReversed().map((run) => `${JSON.stringify(run)}\n`)
    await writeFileAtomic(fileOf(workspace), anew.join('')).catch(() => {})
  }
  return kept
}
