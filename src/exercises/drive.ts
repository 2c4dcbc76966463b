import type { Attempt, StepResult } from './attempt.ts'
import { type DriveContext, driveStep, type RunStep } from './drive-step.ts'
import type { DriveSpec, DriveStep } from './exercise.ts'
import type { AttemptEvent, ExerciseLab } from './lab.ts'
import { isOutage, openOutages } from './outage.ts'
import { fill, type Values } from './values.ts'
import { watchAttempt } from './watch.ts'

/** Runs the exercise's programs under a new run id and, where asked to, watches their telemetry appear. */
export async function driveAttempt(
  lab: ExerciseLab,
  drive: DriveSpec,
  options: { values?: Values; onEvent?: (event: AttemptEvent) => void } = {},
): Promise<Attempt> {
  const { values = {}, onEvent = () => {} } = options
  const runId = lab.newRunId()
  const before = await lab.backends.collector.counters(lab.signal ? { signal: lab.signal } : {}).catch(() => undefined)
  const context: DriveContext = {
    lab,
    runId,
    onEvent,
    said: [],
    named: [],
    asked: [],
    ports: [],
    elsewhere: false,
    pids: [],
  }
  const startedAt = lab.now()
  const steps: StepResult[] = []
  const outages = openOutages(lab, onEvent)
  try {
    for (const group of together(drive.run)) {
      const [first] = group
      if (isOutage(first!)) await outages.act(first)
      else steps.push(...(await runAll(context, group, { ...values, run: runId })))
    }
  } finally {
    await outages.end()
  }
  const { said, asked, ports, elsewhere, pids } = context
  const attempt: Attempt = {
    runId,
    startedAt: Math.min(startedAt, ...steps.map((step) => step.startedAt)),
    endedAt: Math.max(...steps.map((step) => step.endedAt)),
    exitCode: (steps.find(({ exitCode, kind }) => exitCode !== 0 && kind !== 'request') ?? steps.at(-1)!).exitCode,
    steps,
    said,
    traces: [...new Set([...context.named, ...asked])],
    asked,
    names: steps.every(({ kind }) => kind !== 'program'),
    ...(ports ? { ports } : {}),
    ...(elsewhere ? { elsewhere } : {}),
    pids,
    ...(before ? { before } : {}),
    sightings: [],
    values,
    answers: {},
    wrong: 0,
  }
  return drive.watch ? { ...attempt, sightings: await watchAttempt(lab, attempt, drive.watch, onEvent) } : attempt
}

function runAll(context: DriveContext, group: readonly DriveStep[], values: Values): Promise<StepResult[]> {
  const programs = group.filter((step): step is RunStep => !isOutage(step))
  return Promise.all(programs.map((step) => driveStep(context, fill(step, values))))
}

/** A step marked `together` starts with the one before it. */
function together(steps: readonly DriveStep[]): DriveStep[][] {
  const groups: DriveStep[][] = []
  for (const step of steps) {
    if (!isOutage(step) && step.together && groups.length > 0) groups.at(-1)!.push(step)
    else groups.push([step])
  }
  return groups
}
