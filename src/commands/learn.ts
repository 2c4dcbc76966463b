import { LabError } from '../errors.ts'
import { LabCommand } from './base.ts'

export class Learn extends LabCommand {
  static override summary = 'Go on where you were: what otel-lab alone does in a terminal'
  static override description = 'Starts the lab where it does not run, and opens the exercise that is next.'
  static override examples = ['<%= config.bin %>', '<%= config.bin %> learn']

  async run() {
    await this.parse(Learn)
    const [{ findWorkspace }, { nextExercise }, { progressOf }, { learn }, { courseOf }] = await Promise.all([
      import('../workspace.ts'),
      import('../exercises.ts'),
      import('./exercise/service.ts'),
      import('./exercise/learn.ts'),
      import('./exercise/course.ts'),
    ])
    const workspace = await findWorkspace().catch((error) => {
      if (error instanceof LabError && error.code === 'no-lab') return undefined
      throw error
    })
    const course = await courseOf(workspace)
    const was = workspace && (await workspace.state()).exercise
    const all = workspace ? await progressOf(workspace).all() : {}
    const exercise = nextExercise(course, all, typeof was === 'string' ? was : undefined)
    return learn(this, { exercise: String(exercise.number), course })
  }
}
