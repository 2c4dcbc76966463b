import { LabError } from '../../errors.ts'
import { type Course, loadCourse, type Progress } from '../../exercises.ts'
import { findWorkspace, type Workspace } from '../../workspace.ts'
import { progressOf } from './service.ts'

export interface OpenedCourse {
  workspace: Workspace
  course: Course
  progress: Progress
}

/** The lab of this folder with the course that it uses. Throws LabError `no-lab`. */
export async function openCourse(): Promise<OpenedCourse> {
  const workspace = await findWorkspace()
  return { workspace, course: await courseOf(workspace), progress: progressOf(workspace) }
}

/** The course that `course use` has chosen for a lab, else the built-in one. */
export async function courseOf(workspace: Workspace | undefined): Promise<Course> {
  const chosen = (await workspace?.state())?.course as { root?: unknown; name?: unknown } | undefined
  if (typeof chosen?.root !== 'string' || typeof chosen.name !== 'string') return loadCourse()
  return loadCourse(chosen.root, chosen.name).catch((error) => {
    if (!(error instanceof LabError) || error.code !== 'no-course') throw error
    throw new LabError(
      'no-course',
      `this lab uses the course ${chosen.name}, and there is none in ${chosen.root} any more`,
      {
        hint: 'otel-lab course use PATH\nor the built-in one: otel-lab course use otel-lab',
        exit: error.exit,
      },
    )
  })
}
