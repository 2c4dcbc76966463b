import type { CollectorCounter } from '../backends/collector-counters.ts'
import { askByProbe, type Diagnosis, type DiagnosisPorts, isWell, type ObservedRun, settle } from '../diagnosis.ts'
import { EXIT, type ExitCode, LabError } from '../errors.ts'
import { SIGNALS } from '../util/signal.ts'
import type { RunRecord } from '../workspace/runs.ts'

const TRACE = /"trace_id":\s?"([0-9a-f]{32})"/g

/** What is asked about a run: as the lab remembers it, else as the collector saw it. Throws LabError `no-run`. */
export async function runToDiagnose(
  wanted: string,
  records: readonly RunRecord[],
  { engine }: DiagnosisPorts,
): Promise<ObservedRun> {
  const record = wanted === 'latest' ? records[0] : records.find(({ id }) => id === wanted)
  if (record) {
    const { id: runId, startedAt, endedAt = Date.now(), exitCode, output = [], env = {} } = record
    const before = record.before as readonly CollectorCounter[] | undefined
    const traceIds = output.flatMap((line) => [...line.matchAll(TRACE)].map((match) => match[1]!))
    const exit = exitCode === undefined ? {} : { exitCode }
    const counted = before ? { before } : {}
    return { runId, startedAt, endedAt, ...exit, output, env, traceIds: [...new Set(traceIds)], ...counted }
  }
  const seen = wanted === 'latest' ? [] : ((await engine.tap?.passages({ runId: wanted })) ?? [])
  const [first, last] = [seen[0], seen.at(-1)]
  if (first && last) return { runId: wanted, startedAt: first.at, endedAt: last.at, env: {} }
  throw new LabError(
    'no-run',
    wanted === 'latest' ? 'nothing has run in this lab yet' : `this lab knows no run ${wanted}`,
    {
      hint:
        records.length === 0
          ? 'otel-lab run'
          : `Those that it knows:\n${records
              .slice(0, 5)
              .map(({ id, name }) => `otel-lab doctor ${id}   ${name}`)
              .join('\n')}`,
      exit: EXIT.usage,
    },
  )
}

/** All three signals of a run; of what is on its way it waits for the end. */
export async function diagnoseRun(
  ports: DiagnosisPorts,
  run: ObservedRun,
  newRunId: () => string,
): Promise<{ diagnoses: Diagnosis[]; exit: ExitCode }> {
  const diagnoses = await Promise.all(
    SIGNALS.map(async (signal) => askByProbe(ports, run, await settle(ports, run, signal), newRunId)),
  )
  const broken = diagnoses.flatMap((one) => (one.broken ? [one.broken] : []))
  const exit = broken.some(({ blame }) => blame === 'lab')
    ? EXIT.broken
    : broken.length > 0
      ? EXIT.failed
      : diagnoses.every(isWell)
        ? EXIT.ok
        : EXIT.slow
  return { diagnoses, exit }
}
