import type { DiagnosisPorts, ObservedRun } from '../contract.ts'

const MAX_LINES = 2_000

/** What the collector said since the run began. */
export async function collectorLog(
  { engine, signal }: DiagnosisPorts,
  { startedAt }: ObservedRun,
): Promise<string[] | undefined> {
  if (!engine.can.logs) return undefined
  const lines: string[] = []
  const options = { services: ['otel-collector' as const], follow: false, since: new Date(startedAt), tail: MAX_LINES }
  for await (const { text } of engine.logs({ ...options, ...(signal ? { signal } : {}) })) lines.push(text)
  return lines
}
