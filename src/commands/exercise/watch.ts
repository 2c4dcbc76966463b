import { readdir } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { applyFile, CONFIGS, type ConfigKey, type ConfigLab, shownPath } from '../../config-change.ts'
import type { Engine } from '../../engine.ts'
import {
  beginAnew,
  beginWith,
  type Course,
  type Exercise,
  type Listed,
  type LoopPorts,
  learnerValues,
  loadCourse,
  type Progress,
  runLoop,
  solutionDiff,
} from '../../exercises.ts'
import { openExerciseLab } from '../../lab/exercise-lab.ts'
import { renderFrame } from '../../ui/frame.ts'
import { listenToKeys } from '../../ui/keys.ts'
import { paint } from '../../ui/paint.ts'
import { openScreen, type Screen } from '../../ui/screen.ts'
import { watchFiles } from '../../util/watch-files.ts'
import type { Workspace } from '../../workspace.ts'
import { toldTo } from './service.ts'

export interface WatchOptions {
  workspace: Workspace
  engine: Engine
  progress: Progress
  /** Number, or a part of the name. */
  exercise: string
  course: Pick<Course, 'root' | 'name'>
  env: Record<string, string | undefined>
}

const LOOK_MS = 200

/** The learner's loop in this terminal. Resolves when they leave; the terminal is as it was then. */
export async function watchExercise(options: WatchOptions): Promise<{ exercise: Exercise; list: readonly Listed[] }> {
  const { workspace, engine, progress, exercise, course, env } = options
  const config: ConfigLab = { workspace, engine, now: () => new Date() }
  const edited = new Set<ConfigKey>()
  const told = await toldTo(workspace)
  let resized = () => {}
  const screen: Screen = openScreen({ onResize: () => resized() })
  const p = paint()
  const configs = (Object.keys(CONFIGS) as ConfigKey[]).map((key) => ({
    key,
    path: workspace.configPath(CONFIGS[key].file),
  }))
  const openLab: LoopPorts['openLab'] = ({ onWait, signal }) =>
    openExerciseLab({ workspace, engine, signal, env, onWait })
  try {
    return await runLoop(
      {
        course: () => loadCourse(course.root, course.name),
        progress,
        now: Date.now,
        begin: async (which) => void (await beginWith(which, progress, workspace.root)),
        openLab,
        applyConfigs: async () => {
          const keys = [...edited]
          edited.clear()
          return applyAll(config, keys)
        },
        async diff(which) {
          const known = await progress.of(which)
          await progress.patch(which, { solutionAsked: (known.solutionAsked ?? 0) + 1 })
          const lab = await openLab({ onWait: () => {}, signal: new AbortController().signal })
          return solutionDiff(which, lab, await learnerValues(which, progress))
        },
        reset: (which) => beginAnew(which, progress, config),
        remember: ({ course, slug }) => workspace.setState({ exercise: `${course}/${slug}` }),
        draw(frame) {
          const { lines, farthest } = renderFrame(
            told === undefined ? frame : { ...frame, place: `${frame.place}, told to ${told}` },
            { ...screen.size(), paint: p },
          )
          screen.draw(lines)
          return farthest
        },
        async listen(on) {
          resized = on.resized
          const keys = listenToKeys(on.key)
          const files = watchFiles({
            everyMs: LOOK_MS,
            paths: async () => [...configs.map(({ path }) => path), ...(await programs(join(workspace.root, 'app')))],
            onChange(paths) {
              const ours = configs.filter(({ path }) => paths.includes(path))
              for (const { key } of ours) edited.add(key)
              on.edited({
                configs: ours.length > 0,
                programs: paths.length > ours.length,
                shown: paths.map((path) => basename(path)).join(', '),
              })
            },
          })
          await files.began
          return () => {
            keys.stop()
            files.stop()
          }
        },
      },
      exercise,
    )
  } finally {
    screen.close()
  }
}

/** Files of the learner's programs; enough of them, and none of what their languages put beside. */
async function programs(dir: string): Promise<string[]> {
  const entries = await readdir(dir, { recursive: true, withFileTypes: true }).catch(() => [])
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => !/[/\\](?:node_modules|__pycache__|\.[^/\\]+)[/\\]|\.pyc$|~$|\.sw[px]$|\.mine(-\d+)?$/.test(path))
    .slice(0, 300)
}

async function applyAll(config: ConfigLab, keys: readonly ConfigKey[]): Promise<{ text: string; matters: boolean }> {
  if (!config.engine.can.configure) {
    return { text: 'this stack reads its configs itself: restart it there', matters: false }
  }
  const restarted: string[] = []
  for (const key of keys) {
    const { restarted: done, file } = await applyFile(config, key)
    if (done) restarted.push(file.service)
  }
  const [first] = keys
  if (restarted.length > 0) return { text: `${restarted.join(', ')} runs with the new config`, matters: true }
  const shown = first === undefined ? 'the config' : shownPath(config.workspace.configPath(CONFIGS[first].file))
  return { text: `${shown} says what runs already`, matters: false }
}
