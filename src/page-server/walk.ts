import type { Hono } from 'hono'
import type { Backends } from '../backends.ts'
import type { WalkStep } from '../exercises.ts'
import type { StepTold } from './answers.ts'
import { BadRequest } from './faults.ts'
import type { PageParts } from './parts.ts'

const MAX_BYTES = 2_000
/** An attempt is younger. */
const BACK_MS = 6 * 3_600_000

/** The one thing that the page tells: a step of the walk, kept when the backends have what was clicked. */
export function addWalkRoutes(app: Hono, parts: PageParts): void {
  app.post('/api/walk', async (c) => {
    // No form of another page can send it, whatever its origin says.
    if (!c.req.header('content-type')?.startsWith('application/json')) throw new BadRequest('a step comes as JSON')
    const step = stepOf(await c.req.text(), parts.now())
    const isSo = await isThere(await parts.backends(), step, c.req.raw.signal)
    if (isSo) await parts.keepStep(step)
    return c.json({ kept: isSo })
  })
}

function stepOf(text: string, at: number): WalkStep {
  const wrong = new BadRequest('a step has a run, a trace, and for a line its nanoseconds')
  if (text.length > MAX_BYTES) throw wrong
  let told: Partial<StepTold>
  try {
    told = JSON.parse(text) as Partial<StepTold>
  } catch {
    throw wrong
  }
  const { run, step, trace, line } = told ?? {}
  if (typeof run !== 'string' || !/^[\w.-]{1,64}$/.test(run)) throw wrong
  if (typeof trace !== 'string' || !/^[0-9a-f]{32}$/.test(trace)) throw wrong
  if (step === 'dot') return { at, runId: run, step, traceId: trace }
  if (step !== 'line' || typeof line !== 'string' || !/^\d{1,19}$/.test(line)) throw wrong
  return { at, runId: run, step, traceId: trace, line }
}

/** The run's own trace, led to by an exemplar of the run, or a line of the run that bears its id. */
async function isThere(
  { tempo, prometheus, loki }: Backends,
  { at, runId, step, traceId, line }: WalkStep,
  signal: AbortSignal,
): Promise<boolean> {
  const window = { start: at - BACK_MS, end: at + 1_000 }
  const trace = await tempo.traceById(traceId, { signal })
  if (!trace?.spans.some(({ resource }) => resource['otel_lab.run.id'] === runId)) return false
  if (step === 'dot') {
    const found = await prometheus.exemplars(`{instance=${JSON.stringify(runId)}}`, window, { signal })
    return found.some(({ exemplars }) => exemplars.some(({ labels }) => labels.trace_id === traceId))
  }
  const query = `{service_name=~".+"} | otel_lab_run_id=${JSON.stringify(runId)} | trace_id=${JSON.stringify(traceId)}`
  const streams = await loki.streams(query, window, { limit: 1_000, signal })
  return streams.some(({ entries }) => entries.some(({ ns }) => String(ns) === line))
}
