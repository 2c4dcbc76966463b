import { readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { CollectorCounter } from '../../src/backends/collector-counters.ts'
import { type Backends, openBackends } from '../../src/backends.ts'
import { createDockerEngine } from '../../src/engine/docker.ts'
import { createEmbeddedEngine } from '../../src/engine/embedded.ts'
import type { Engine } from '../../src/engine.ts'
import { LabError } from '../../src/errors.ts'
import type { FaultLab } from '../../src/faults.ts'
import { CONFIG_FILES } from '../../src/util/lab-layout.ts'
import { preprocess, preprocessCommand } from '../../src/workload/preprocess.ts'
import { newRunId, startWorkload } from '../../src/workload.ts'
import { recorded } from '../../src/workspace/runs.ts'
import { findWorkspace, readAppEnv } from '../../src/workspace.ts'
import { type Ran, type TestLab, testLab } from '../support/lab.ts'

export interface Run {
  runId: string
  exitCode: number
  startedAt: number
  endedAt: number
  /** Every line that it said. */
  lines: string[]
  traces: string[]
  /** The collector's counters before it, as a check keeps them. */
  before?: CollectorCounter[]
}

export interface ReplayLab {
  engine: Engine
  faults: FaultLab
  backends: Backends
  /** The texts of the four configs. */
  configs(): Promise<Record<string, string>>
  /** Runs the app to its end on a healthy scan; `stress` adds one that fails. */
  run(env: Record<string, string>, demo?: 'normal' | 'stress'): Promise<Run>
  /** As `otel-lab run` would: in the environment that configs/app.env says. */
  runAsWritten(): Promise<Run>
  /** Gives the configs these texts again. */
  reset(configs: Record<string, string>): Promise<void>
  /** The built otel-lab in this lab's folder. */
  cli(args: string[], env?: Record<string, string>): Promise<Ran>
  close(): Promise<void>
}

/** What the lesson's configs make one wait for, made short. */
const SHORT: [file: string, from: string, to: string][] = [
  ['prometheus.yml', 'scrape_interval: 15s', 'scrape_interval: 1s'],
  ['otel-collector-config.yaml', 'timeout: 1s', 'timeout: 100ms'],
  ['tempo.yaml', 'max_trace_idle: 1s', 'max_trace_idle: 200ms'],
  ['tempo.yaml', 'flush_check_period: 1s', 'flush_check_period: 200ms'],
]

/** As `node test/docker.mjs images` makes them. */
const TEST_IMAGES = Object.fromEntries(
  Object.keys(CONFIG_FILES).map((service) => [service, `otel-lab-test/${service}:1`]),
)

/** For a Collector that was built without it. */
async function dropFilter(path: string): Promise<void> {
  const text = await readFile(path, 'utf8')
  await writeFile(path, text.replace(/ {2}filter\/health:[\s\S]*?(?= {2}resource:)/, '').replace('filter/health, ', ''))
}

/** A port that was free a moment ago may be taken by now: then another lab. */
export async function replayLab(tries = 3): Promise<ReplayLab> {
  const files = await testLab()
  try {
    return await startIn(files)
  } catch (error) {
    await files.close()
    if (tries > 1 && error instanceof LabError && error.code === 'port-taken') return replayLab(tries - 1)
    throw error
  }
}

async function startIn(files: TestLab): Promise<ReplayLab> {
  const workspace = await findWorkspace({ cwd: files.dir, create: true, env: {} })
  for (const [name, from, to] of SHORT) {
    const path = join(workspace.configsDir, name)
    const text = await readFile(path, 'utf8')
    if (!text.includes(from)) throw new Error(`${name} has no ${from}`)
    await writeFile(path, text.replace(from, to))
  }
  const onDocker = process.env.FAULTS_ENGINE === 'docker'
  if (process.env.FAULTS_NO_FILTER) await dropFilter(workspace.configPath('otel-collector-config.yaml'))
  const engine = onDocker
    ? createDockerEngine(workspace, { portOffset: files.offset, images: TEST_IMAGES, grafana: false })
    : createEmbeddedEngine(workspace, { portOffset: files.offset })
  const scan = join(workspace.inputDir, 'sub-001_T1w.nii.gz')
  const broken = join(workspace.inputDir, 'sub-002_T1w.nii.gz')
  await Promise.all([
    engine.up({}),
    preprocess(['synth', '-o', workspace.inputDir, '--subjects', '1', '--size', '24', '--seed', '1']),
    writeFile(broken, ''),
  ])
  const doors = await engine.endpoints()
  const lab: ReplayLab = {
    engine,
    faults: { engine, workspace, now: () => new Date() },
    backends: openBackends(doors),
    async configs() {
      const names = Object.values(CONFIG_FILES)
      return Object.fromEntries(
        await Promise.all(names.map(async (name) => [name, await readFile(workspace.configPath(name), 'utf8')])),
      )
    },
    async run(env, demo = 'normal') {
      const lines: string[] = []
      const runId = newRunId()
      const before = await lab.backends.collector.counters().catch(() => undefined)
      const named = { id: runId, name: `run ${demo}`, output: lines, ...(before ? { before } : {}) }
      const work = () =>
        startWorkload({
          command: preprocessCommand([
            'process',
            scan,
            ...(demo === 'stress' ? [broken] : []),
            '-o',
            workspace.statePath('attempts', runId),
          ]),
          // Where the app is told to send is a fault's to change, not the engine's: the doors as they were at first.
          endpoints: doors,
          runId,
          env: { ...cleanEnv(), ...env },
          onLine: (line) => lines.push(line),
        })
      // The lab remembers it, as it does what otel-lab run runs.
      const { exitCode, startedAt, endedAt } = await recorded(workspace, named, work)
      const traces = lines.flatMap((line) => /"trace_id":"([0-9a-f]{32})"/.exec(line)?.[1] ?? [])
      return {
        runId,
        exitCode,
        startedAt: startedAt.getTime(),
        endedAt: endedAt.getTime(),
        lines,
        traces: [...new Set(traces)],
        ...(before ? { before } : {}),
      }
    },
    async runAsWritten() {
      return lab.run(await readAppEnv(workspace.appEnvPath))
    },
    async reset(configs) {
      for (const [service, name] of Object.entries(CONFIG_FILES)) {
        const path = workspace.configPath(name)
        if ((await readFile(path, 'utf8')) === configs[name]) continue
        await writeFile(path, configs[name]!)
        await engine.restart(service as keyof typeof CONFIG_FILES)
      }
      await rm(workspace.appEnvPath, { force: true })
    },
    cli: (args, env = {}) =>
      files.run(args, { env: { ...(onDocker && { DOCKER_HOST: process.env.DOCKER_HOST ?? '' }), ...env } }),
    async close() {
      if (onDocker) await engine.down({ volumes: true })
      await files.close()
    },
  }
  return lab
}

/** What the machine's own environment says of OpenTelemetry is no part of a fault. */
function cleanEnv(): Record<string, string | undefined> {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^OTEL_|^TRACE|^BAGGAGE/.test(name)))
}
