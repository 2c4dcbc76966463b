import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { progressOf } from '../../src/commands/exercise/service.ts'
import { createEmbeddedEngine } from '../../src/engine/embedded.ts'
import type { Engine } from '../../src/engine.ts'
import { type Exercise, type ExerciseLab, loadCourse, type Progress } from '../../src/exercises.ts'
import { openExerciseLab } from '../../src/lab/exercise-lab.ts'
import { preprocess } from '../../src/workload/preprocess.ts'
import { findWorkspace, type Workspace } from '../../src/workspace.ts'
import { type TestLab, testLab } from './lab.ts'

export interface RunningLab {
  files: TestLab
  workspace: Workspace
  engine: Engine
  progress: Progress
  exercises: Exercise[]
  lab: ExerciseLab
  /** The collector's config as text; `write` does not restart it. */
  config: { read(): Promise<string>; write(text: string): Promise<void>; restart(text: string): Promise<void> }
  close(): Promise<void>
}

/** A lab that really runs, with what takes time in the lesson's configs made short: scrapes, batches, scans. */
export async function runningLab(): Promise<RunningLab> {
  const files = await testLab()
  const workspace = await findWorkspace({ cwd: files.dir, create: true, env: {} })
  const change = async (name: 'prometheus.yml' | 'otel-collector-config.yaml', from: string, to: string) => {
    const path = workspace.configPath(name)
    const text = await readFile(path, 'utf8')
    if (!text.includes(from)) throw new Error(`${name} has no ${from}`)
    await writeFile(path, text.replace(from, to))
  }
  await change('prometheus.yml', 'scrape_interval: 15s', 'scrape_interval: 1s')
  await change('otel-collector-config.yaml', 'timeout: 1s', 'timeout: 100ms')
  const engine = createEmbeddedEngine(workspace, { portOffset: files.offset })
  await Promise.all([
    engine.up({}),
    preprocess(['synth', '-o', join(workspace.inputDir), '--subjects', '1', '--size', '24', '--seed', '1']),
  ])
  const lab = await openExerciseLab({
    workspace,
    engine,
    env: {},
    onWait: () => {},
    signal: new AbortController().signal,
  })
  const path = workspace.configPath('otel-collector-config.yaml')
  return {
    files,
    workspace,
    engine,
    progress: progressOf(workspace),
    exercises: (await loadCourse()).exercises,
    lab,
    config: {
      read: () => readFile(path, 'utf8'),
      write: (text) => writeFile(path, text),
      async restart(text) {
        await writeFile(path, text)
        await engine.restart('otel-collector')
      },
    },
    close: () => files.close(),
  }
}

/** The lab with shorter patience, for what will not come. */
export function impatient(lab: ExerciseLab, ms = 1_200): ExerciseLab {
  return { ...lab, deadline: () => ms }
}
