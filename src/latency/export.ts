import { budgetOf } from './budget.ts'
import { DOORS } from './door.ts'
import type { Measurement } from './measurement.ts'

/** For scripts: every figure, hop and sample, in milliseconds. */
export function measurementJson(measured: Measurement) {
  const { engine, by, startedAt, runs, complete, lateIds, silent, faults, tapped, died } = measured
  const measures = Object.fromEntries(
    DOORS.map((door) => [
      door,
      {
        unit: 'ms',
        ...measured.figures[door],
        missing: measured.missing[door],
        expected: budgetOf(measured.waits[door]),
        hops: measured.accounts[door]?.hops ?? [],
        findings: measured.accounts[door]?.findings ?? [],
        sightings: measured.sightings[door],
      },
    ]),
  )
  return { engine, by, startedAt, runs, complete, measures, lateIds, silent, faults, tapped, died }
}

/** One line a sample. */
export function samplesCsv(measured: Measurement): string {
  const quoted = (text: string) => (/[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text)
  const rows = DOORS.flatMap((door) =>
    measured.sightings[door].map(({ what, runId, madeAt, seenAt, errorMs, queryMs }) =>
      [
        door,
        runId,
        quoted(what),
        new Date(madeAt).toISOString(),
        ...[seenAt - madeAt, errorMs, queryMs].map((ms) => ms.toFixed(3)),
      ].join(','),
    ),
  )
  return `${['door,run,what,made,latency_ms,error_ms,query_ms', ...rows].join('\n')}\n`
}
