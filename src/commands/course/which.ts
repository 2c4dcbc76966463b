import { findCourse } from '../../course.ts'
import { LabError } from '../../errors.ts'
import { type Course, loadCourse } from '../../exercises.ts'
import { findWorkspace } from '../../workspace.ts'
import { courseOf } from '../exercise/course.ts'

/** The course that was named, else the one that this lab uses, else the built-in one. */
export async function courseToCheck(wanted: string | undefined): Promise<Course> {
  if (wanted !== undefined) {
    const { root, name } = await findCourse(wanted, process.cwd())
    return loadCourse(root, name)
  }
  const workspace = await findWorkspace().catch((error) => {
    if (error instanceof LabError && error.code === 'no-lab') return undefined
    throw error
  })
  return workspace ? courseOf(workspace) : loadCourse()
}
