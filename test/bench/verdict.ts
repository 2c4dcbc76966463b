// When the verdict is there, beside when a bare client has the same evidence that asks for it over and over, both from the
// start of the attempt's program: `npm run bench -- verdict`. The target is 1.2 times.
import { setTimeout as sleep } from 'node:timers/promises'
import type { Attempt } from '../../src/exercises/attempt.ts'
import { checkAttempt, driveAttempt, type Exercise } from '../../src/exercises.ts'
import { runningLab } from '../support/exercise-lab.ts'

const ROUNDS = 8
const POLL_MS = 50

const running = await runningLab()
try {
  const { lab, exercises } = running
  const [watchSpans, , failure] = exercises as [Exercise, Exercise, Exercise]
  const config = await running.config.read()
  await running.config.restart(
    config
      // As it is shipped: the tests' lab has it short.
      .replace('timeout: 100ms', 'timeout: 1s')
      .replace('\nexporters:\n', '\nexporters:\n  debug:\n    verbosity: detailed\n')
      .replace('exporters: [otlp_grpc/tempo]', 'exporters: [otlp_grpc/tempo, debug]'),
  )
  // What is asked of the learner takes as long as the learner does.
  const asked = (exercise: Exercise): Exercise => {
    const { answers: _, ...rest } = exercise
    return { ...rest, checks: exercise.checks.filter(({ check }) => check !== 'answer') }
  }
  const json = async (url: string) => {
    const answer = await fetch(url)
    return answer.ok
      ? ((await answer.json()) as { data?: { result?: unknown[] } & unknown[]; batches?: unknown[]; trace?: unknown })
      : undefined
  }
  const { tempo, prometheus, loki } = lab.backends
  const until = async (ask: () => Promise<boolean>) => {
    while (!(await ask())) await sleep(POLL_MS)
  }
  const trace = (id: string) => async () => (await json(`${tempo.url}/api/traces/${id}`)) !== undefined
  const q = encodeURIComponent
  const evidence: Record<string, (attempt: Attempt) => (() => Promise<boolean>)[]> = {
    'watch-spans-pass': ({ traces: [id] }) => [
      trace(id!),
      async () => ((await lab.collector.outputSince(new Date(0))) ?? '').includes(id!),
    ],
    'follow-the-failure': ({ runId, traces: [id], startedAt }) => [
      trace(id!),
      async () =>
        ((await json(`${prometheus.url}/api/v1/query?query=${q(`neuro_files_failed_total{instance="${runId}"} > 0`)}`))
          ?.data?.result?.length ?? 0) > 0,
      async () =>
        ((
          await json(
            `${prometheus.url}/api/v1/query_exemplars?query=${q(`neuro_files_failed_total{instance="${runId}"}`)}&start=${startedAt / 1000}&end=${Date.now() / 1000 + 5}`,
          )
        )?.data?.length ?? 0) > 0,
      async () =>
        ((
          await json(
            `${loki.url}/loki/api/v1/query_range?query=${q(`{service_instance_id="${runId}"} | detected_level="error"`)}&start=${startedAt}000000`,
          )
        )?.data?.result?.length ?? 0) > 0,
    ],
  }
  const median = (list: number[]) => list.toSorted((a, b) => a - b)[Math.floor(list.length / 2)]!
  for (const exercise of [watchSpans, failure]) {
    const bare: number[] = []
    const judged: number[] = []
    for (let round = 0; round < ROUNDS; round++) {
      const attempt = await driveAttempt(lab, exercise.drive)
      const clocked = async (work: Promise<unknown>, into: number[]) => {
        const result = await work
        into.push(Date.now() - attempt.startedAt)
        return result
      }
      const asks = evidence[exercise.slug]!(attempt)
      const [report] = await Promise.all([
        clocked(checkAttempt(lab, asked(exercise), attempt), judged) as ReturnType<typeof checkAttempt>,
        clocked(Promise.all(asks.map(until)), bare),
      ])
      if (report.verdict !== 'passed') throw new Error(`${exercise.slug}: ${JSON.stringify(report)}`)
    }
    const [ours, theirs] = [median(judged), median(bare)]
    console.log(
      `${exercise.slug.padEnd(20)} bare client ${theirs} ms, verdict ${ours} ms: ${(ours / theirs).toFixed(2)} times (target 1.2, median of ${ROUNDS}), ${ours - theirs} ms after the evidence`,
    )
  }
} finally {
  await running.close()
}
