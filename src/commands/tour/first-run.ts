import type { Backends } from '../../backends.ts'
import type { Endpoints } from '../../engine.ts'
import { LabError } from '../../errors.ts'
import { findTraces } from '../../lab/find-traces.ts'
import { logsOf } from '../../lab/trace-logs.ts'
import { demoCommand, newRunId, startWorkload } from '../../workload.ts'
import type { Workspace } from '../../workspace.ts'
import { renderTrace } from '../trace/view.ts'

export interface FirstRun {
  runId: string
  traceId: string
  output: string
}

/** Processes one scan of the learner's under observation. Throws LabError `app-failed`. */
export async function processOne(
  workspace: Workspace,
  endpoints: Endpoints,
  options: { signal: AbortSignal; say: (text: string) => void },
): Promise<{ runId: string }> {
  const { signal, say } = options
  const command = await demoCommand(workspace, 'normal', { files: 1, signal })
  const runId = newRunId()
  const lines: string[] = []
  const { exitCode } = await startWorkload({ command, endpoints, runId, signal, onLine: (line) => lines.push(line) })
  for (const line of lines) say(`  ${shortened(line)}`)
  if (exitCode !== 0) {
    throw new LabError('app-failed', `neuro-preprocess ended with exit code ${exitCode}`, { hint: 'otel-lab doctor' })
  }
  return { runId }
}

/** A log line as its message and what matters of it. */
function shortened(line: string): string {
  try {
    const { level, message, file_path, duration, output } = JSON.parse(line) as Record<string, unknown>
    const more = [output ?? file_path, duration === undefined ? undefined : `${duration} s`].filter(Boolean).join(', ')
    return `${level} ${message}${more ? ` (${more})` : ''}`
  } catch {
    return line
  }
}

/** The trace of that run, once Tempo has it whole, with its logs. */
export async function showTrace(
  backends: Backends,
  runId: string,
  options: { signal: AbortSignal; say: (text: string) => void },
): Promise<{ traceId: string }> {
  const { signal, say } = options
  const waitMs = 20_000
  const [trace] = await findTraces(backends, { run: runId, waitMs, signal })
  const logs = await logsOf(backends.loki, trace!, { waitMs: 5_000, signal })
  say(renderTrace(trace!, logs))
  return { traceId: trace!.traceId }
}
