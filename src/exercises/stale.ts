import { type CheckContext, callOf } from './context.ts'

/** Names what an earlier run left in Tempo, so that nobody takes it for what was asked for. Never fails. */
export async function staleTraces({ lab, attempt }: CheckContext): Promise<string | undefined> {
  const query = `{resource.service.name="neuro-preprocess" && resource.otel_lab.run.id!="${attempt.runId}"} | select(resource.otel_lab.run.id)`
  const window = { start: attempt.startedAt - 24 * 3_600_000, end: lab.now() }
  const found = await lab.backends.tempo.search(query, { window, limit: 20, ...callOf(lab) }).catch(() => [])
  const [newest] = [...found].sort((a, b) => Number(b.startNs - a.startNs))
  if (newest === undefined) return undefined
  const at = new Date(Number(newest.startNs / 1_000_000n)).toLocaleTimeString('en-GB')
  const many = found.length === 1 ? 'a trace' : `${found.length === 20 ? '20 or more' : found.length} traces`
  return `Tempo has ${many} of earlier runs (the newest of ${at}); they are stale and do not count`
}
