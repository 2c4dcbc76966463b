import { setMaxListeners } from 'node:events'
import { access, constants, readdir, rm } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import { openBackends, scrapeIntervalOf } from '../backends.ts'
import { shownPath } from '../config-change.ts'
import type { Engine } from '../engine.ts'
import { LabError } from '../errors.ts'
import type { RunRequest, VisibleSignal } from '../exercises/lab.ts'
import { type ExerciseLab, openWalks } from '../exercises.ts'
import { deadlineFor, readHistory } from '../latency.ts'
import { packageRoot } from '../util/package-root.ts'
import { readConfigText } from '../util/read-text.ts'
import { demoCommand, newRunId, programCommand, startWorkload } from '../workload.ts'
import { recorded } from '../workspace/runs.ts'
import { linkSdk, type Workspace } from '../workspace.ts'
import { diagnosisPorts } from './diagnosis-ports.ts'

export interface LabOptions {
  workspace: Workspace
  engine: Engine
  onWait: (text: string | undefined) => void
  signal: AbortSignal
  env: Record<string, string | undefined>
}

/** Far beyond what a sound lab takes; what Prometheus adds is asked for, and what this lab was measured to take. */
const LEAST_MS: Record<VisibleSignal, number> = {
  'trace-by-id': 10_000,
  'trace-by-search': 20_000,
  logs: 10_000,
  metrics: 12_000,
}

/** Where Prometheus does not tell how often it comes. */
const SCRAPE_MS = 15_000

/** The running lab as exercises see it. Throws LabError `lab-down`. */
export async function openExerciseLab({ workspace, engine, onWait, signal, env }: LabOptions): Promise<ExerciseLab> {
  // Checks ask many things at once.
  setMaxListeners(200, signal)
  const endpoints = await engine.endpoints()
  const backends = openBackends(endpoints)
  const [interval = SCRAPE_MS, history] = await Promise.all([
    scrapeIntervalOf(backends.prometheus),
    readHistory(workspace.statePath('latency.json')),
  ])
  const configPath = workspace.configPath('otel-collector-config.yaml')
  return {
    engine: engine.kind,
    can: { logs: engine.can.logs, configure: engine.can.configure, stop: engine.stop !== undefined },
    ...(engine.stop ? { services: { stop: engine.stop.bind(engine), start: engine.restart.bind(engine) } } : {}),
    root: workspace.root,
    backends,
    env,
    signal,
    onWait,
    newRunId,
    now: Date.now,
    run: (request) => runStep(workspace, endpoints, request, signal),
    hasProgram: (name) => isOnPath(name, env),
    ...(engine.tap ? { tap: engine.tap } : {}),
    walks: openWalks(walkFiles(workspace)).of,
    diagnosis: diagnosisPorts({ workspace, engine, endpoints, env, signal }),
    usual: (what) => history[what]?.at(-1),
    deadline: (what) => deadlineFor(what, history, LEAST_MS[what] + (what === 'metrics' ? interval : 0)),
    collector: {
      shown: shownPath(configPath),
      readConfig: () => readConfigText(configPath),
      runningConfig: async () => engine.runningConfig?.('otel-collector'),
      ...(engine.saidSince ? { saidSince: (since: Date) => engine.saidSince!('otel-collector', since) } : {}),
      async outputSince(since) {
        if (!engine.can.logs) return undefined
        const lines: string[] = []
        for await (const { text } of engine.logs({ services: ['otel-collector'], follow: false, since, signal }))
          lines.push(text)
        return lines.join('\n')
      },
    },
  }
}

export const walkFiles = (workspace: Workspace) => ({
  file: workspace.statePath('walks.jsonl'),
  keysDir: workspace.statePath('keys'),
})

/** One program of an attempt, in the lab folder. */
async function runStep(
  workspace: Workspace,
  endpoints: Awaited<ReturnType<Engine['endpoints']>>,
  { step, runId, timeoutMs, onStart, onLine }: RunRequest,
  signal: AbortSignal,
) {
  if (!('demo' in step)) await linkSdk(workspace.root, packageRoot())
  const command = await commandOf(workspace, step, runId, signal)
  const startedAt = new Date()
  try {
    return await recorded(workspace, { id: runId, name: `attempt: ${nameOf(step)}` }, () =>
      startWorkload({
        command,
        endpoints,
        runId,
        signal,
        timeoutMs,
        onStart,
        traced: true,
        onLine,
        cwd: workspace.root,
        env: { ...process.env, ...step.env },
      }),
    )
  } catch (error) {
    // How a program ends is judged; that it does not end is one way.
    if (error instanceof LabError && error.code === 'timeout') return { exitCode: 124, startedAt, endedAt: new Date() }
    throw error
  } finally {
    if ('demo' in step) await prune(workspace, runId)
  }
}

function nameOf(step: RunRequest['step']): string {
  if ('demo' in step) return step.demo
  return 'app' in step ? step.app : step.command.join(' ')
}

async function commandOf(
  workspace: Workspace,
  step: RunRequest['step'],
  runId: string,
  signal: AbortSignal,
): Promise<string[]> {
  if ('command' in step) return step.command
  if ('app' in step) return programCommand(join(workspace.root, step.app), step.args)
  const { demo, files, seed } = step
  // An attempt reads the learner's scans but writes beside them: nothing of theirs is touched.
  const own = (part: string) => workspace.statePath('attempts', runId, part)
  const dirs = { inputDir: demo === 'stress' ? own('input') : workspace.inputDir, outputDir: own('output') }
  return demoCommand(dirs, demo, {
    signal,
    ...(seed === undefined ? {} : { seed: Number(seed) }),
    ...(files === undefined ? {} : { files: Number(files) }),
  })
}

async function isOnPath(name: string, env: Record<string, string | undefined>): Promise<boolean> {
  const folders = (env.PATH ?? '').split(delimiter).filter(Boolean)
  const tried = folders.map((folder) =>
    access(join(folder, name), constants.X_OK).then(
      () => true,
      () => false,
    ),
  )
  return (await Promise.all(tried)).some(Boolean)
}

/** The scans of the newest attempts stay, for whoever wants to look at a broken one. */
async function prune(workspace: Workspace, runId: string): Promise<void> {
  const dir = workspace.statePath('attempts')
  await rm(workspace.statePath('attempts', runId, 'output'), { recursive: true, force: true })
  const runs = (await readdir(dir).catch(() => [])).filter((name) => /^r[0-9a-z]{10}$/.test(name)).sort()
  for (const old of runs.slice(0, -3)) await rm(workspace.statePath('attempts', old), { recursive: true, force: true })
}
