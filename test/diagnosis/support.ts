import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { openBackends } from '../../src/backends.ts'
import { type Diagnosis, type DiagnosisPorts, diagnose, type ObservedRun, type Signal } from '../../src/diagnosis.ts'
import { createEmbeddedEngine } from '../../src/engine/embedded.ts'
import type { Engine, ServiceName } from '../../src/engine.ts'
import { diagnosisPorts } from '../../src/lab/diagnosis-ports.ts'
import { preprocess } from '../../src/workload/preprocess.ts'
import { newRunId, startWorkload } from '../../src/workload.ts'
import { findWorkspace, type Workspace } from '../../src/workspace.ts'
import { testLab } from '../support/lab.ts'

type Env = Record<string, string | undefined>

export interface DiagnosisLab {
  workspace: Workspace
  engine: Engine
  /** The config file's text changed; restarted unless said. */
  edit(
    service: 'otel-collector' | 'prometheus' | 'tempo' | 'loki',
    change: (text: string) => string,
    restart?: boolean,
  ): Promise<void>
  /** All configs as they came, every service up. */
  mend(): Promise<void>
  /** Runs a program to its end, the demo unless said. */
  run(options?: { env?: Env; command?: string[]; timeoutMs?: number }): Promise<ObservedRun>
  ports(env?: Env): Promise<DiagnosisPorts>
  diagnose(run: ObservedRun, signal: Signal): Promise<Diagnosis>
  /** Asks until the diagnosis has a fault or says that all arrived. */
  settled(run: ObservedRun, signal: Signal, done?: (found: Diagnosis) => boolean): Promise<Diagnosis>
  close(): Promise<void>
}

const FILES = {
  'otel-collector': 'otel-collector-config.yaml',
  prometheus: 'prometheus.yml',
  tempo: 'tempo.yaml',
  loki: 'loki.yaml',
} as const

/** A lab that really runs, with short scrapes and batches. */
export async function diagnosisLab(): Promise<DiagnosisLab> {
  const files = await testLab()
  const workspace = await findWorkspace({ cwd: files.dir, create: true, env: {} })
  const read = (service: keyof typeof FILES) => readFile(workspace.configPath(FILES[service]), 'utf8')
  const write = (service: keyof typeof FILES, text: string) => writeFile(workspace.configPath(FILES[service]), text)
  await write('prometheus', (await read('prometheus')).replace('scrape_interval: 15s', 'scrape_interval: 1s'))
  await write('otel-collector', (await read('otel-collector')).replace('timeout: 1s', 'timeout: 100ms'))
  const sound = Object.fromEntries(
    await Promise.all(Object.keys(FILES).map(async (name) => [name, await read(name as 'tempo')] as const)),
  )
  const engine = createEmbeddedEngine(workspace, { portOffset: files.offset })
  await Promise.all([
    engine.up({}),
    preprocess(['synth', '-o', join(workspace.inputDir), '--subjects', '1', '--size', '16', '--seed', '1']),
  ])
  const ports = async (env: Env = {}) => {
    const endpoints = await engine.endpoints()
    return { ...diagnosisPorts({ workspace, engine, endpoints, env }) }
  }
  const lab: DiagnosisLab = {
    workspace,
    engine,
    ports,
    async edit(service, change, restart = true) {
      const text = await read(service)
      const changed = change(text)
      if (changed === text) throw new Error(`the edit changes nothing in ${service}`)
      await write(service, changed)
      if (restart) await engine.restart(service as ServiceName)
    },
    async mend() {
      const running = await Promise.all(
        Object.keys(FILES).map(async (name) => [name, await engine.runningConfig!(name as ServiceName)] as const),
      )
      for (const [name, text] of running) {
        await write(name as 'tempo', sound[name]!)
        if (text !== sound[name]) await engine.restart(name as ServiceName)
      }
    },
    async run({ env = {}, command, timeoutMs = 20_000 } = {}) {
      const endpoints = await engine.endpoints()
      const runId = newRunId()
      const output: string[] = []
      const before = await openBackends(endpoints)
        .collector.counters()
        .catch(() => undefined)
      const { PATH, HOME } = process.env
      const result = await startWorkload({
        command: command ?? [...(await demo(workspace))],
        endpoints,
        runId,
        env: { PATH, HOME, ...env },
        timeoutMs,
        onLine: (line) => output.push(line),
      })
      return {
        runId,
        startedAt: result.startedAt.getTime(),
        endedAt: result.endedAt.getTime(),
        exitCode: result.exitCode,
        output,
        traceIds: [...new Set(output.flatMap((line) => /"trace_id":"([0-9a-f]{32})"/.exec(line)?.[1] ?? []))],
        env,
        ...(before ? { before } : {}),
      }
    },
    diagnose: async (run, signal) => diagnose(await ports(), run, signal),
    async settled(run, signal, done = ({ broken, arrived }) => broken !== undefined || arrived === true) {
      const deadline = Date.now() + 15_000
      while (true) {
        const found = await lab.diagnose(run, signal)
        if (done(found) || Date.now() > deadline) return found
        await new Promise((resolve) => setTimeout(resolve, 150))
      }
    },
    close: () => files.close(),
  }
  return lab
}

async function demo(workspace: Workspace): Promise<readonly string[]> {
  const { demoCommand } = await import('../../src/workload.ts')
  return demoCommand(workspace, 'normal', { signal: new AbortController().signal, files: 1 })
}
