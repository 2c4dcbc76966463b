import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { applyEdits } from '../collector-config.ts'
import { type Exercise, type ExerciseLab, learnerValues, type Progress, placeSolution } from '../exercises.ts'
import { findWorkspace, type Workspace } from '../workspace.ts'
import { type Hands, openHands } from './hands.ts'

/** A lab of the robot's own, in a temporary folder, on ports that nobody else has. */
export interface RobotLab {
  hands: Hands
  workspace: Workspace
  progress: Progress
  open(): Promise<ExerciseLab>
  /** As it came: configs, programs, progress. */
  reset(): Promise<void>
  edit(edits: NonNullable<Exercise['solution']['edits']>): Promise<void>
  write(path: string, content: string): Promise<void>
  /** `but` holds what stands in some of its files instead, by their paths. */
  copySolution(exercise: Exercise, but?: Readonly<Record<string, string>>): Promise<void>
  close(): Promise<void>
}

export interface RobotLabOptions {
  program: string
  portOffset: number
  /** The course to play. */
  course: { root: string; name: string }
  signal: AbortSignal
  progressOf(workspace: Workspace): Progress
  openLab(workspace: Workspace, signal: AbortSignal): Promise<ExerciseLab>
}

const COLLECTOR = 'otel-collector-config.yaml'
const CONFIGS = [COLLECTOR, 'prometheus.yml', 'tempo.yaml', 'loki.yaml'] as const

export async function openRobotLab(options: RobotLabOptions): Promise<RobotLab> {
  const { program, portOffset, course, signal, progressOf, openLab } = options
  const dir = await mkdtemp(join(tmpdir(), 'otel-lab-robot-'))
  const hands = openHands({ dir, program, signal })
  const close = async () => {
    await hands.run(['down']).catch(() => {})
    await rm(dir, { recursive: true, force: true, maxRetries: 5 })
  }
  try {
    const up = await hands.run(['up', '--engine', 'embedded', '--port-offset', String(portOffset)])
    if (up.code !== 0) throw new Error(`the robot's lab did not start: ${up.stderr || up.stdout}`)
    const workspace = await findWorkspace({ cwd: dir, env: {} })
    await workspace.setState({ course })
    const path = workspace.configPath(COLLECTOR)
    return {
      hands,
      workspace,
      progress: progressOf(workspace),
      open: () => openLab(workspace, signal),
      async reset() {
        for (const name of CONFIGS) {
          const came = await readFile(workspace.pristineConfigPath(name), 'utf8')
          if ((await readFile(workspace.configPath(name), 'utf8').catch(() => '')) !== came)
            await writeFile(workspace.configPath(name), came)
        }
        await rm(workspace.statePath('progress.json'), { force: true })
        await rm(join(workspace.root, 'app'), { recursive: true, force: true })
        // Starts anew only what reads another config now.
        const up = await hands.run(['up'])
        if (up.code !== 0) throw new Error(`the robot's lab cannot be put back: ${up.stderr || up.stdout}`)
      },
      async edit(edits) {
        await writeFile(path, applyEdits(await readFile(path, 'utf8'), edits))
      },
      async write(name, content) {
        await mkdir(dirname(join(dir, name)), { recursive: true })
        await writeFile(join(dir, name), content)
      },
      async copySolution(exercise, but) {
        await placeSolution(exercise, dir, await learnerValues(exercise, progressOf(workspace)), but)
      },
      close,
    }
  } catch (error) {
    await close()
    throw error
  }
}
