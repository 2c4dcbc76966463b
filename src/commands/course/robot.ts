import { openRobotLab } from '../../course.ts'
import { openEngine } from '../../engine/choose.ts'
import { PORTS } from '../../engine.ts'
import type { Course } from '../../exercises.ts'
import { openExerciseLab } from '../../lab/exercise-lab.ts'
import { freePortOffset } from '../../util/free-ports.ts'
import { distFile } from '../../util/package-root.ts'
import { progressOf } from '../exercise/service.ts'

/** Labs for the robot, each of its own. */
export function robotLabs(course: Pick<Course, 'name' | 'root'>, signal: AbortSignal) {
  const program = distFile('otel-lab')
  return {
    program,
    openLab: async () =>
      openRobotLab({
        program,
        portOffset: await freePortOffset(Object.values(PORTS), Math.random),
        course: { name: course.name, root: course.root },
        signal,
        progressOf,
        openLab: async (workspace, until) =>
          openExerciseLab({ workspace, engine: await openEngine(workspace), signal: until, env: {}, onWait: () => {} }),
      }),
  }
}
