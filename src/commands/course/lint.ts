import { Args } from '@oclif/core'
import { EXIT } from '../../errors.ts'
import { LabCommand } from '../base.ts'

export class CourseLint extends LabCommand {
  static override summary = 'Look for faults in a course without playing it'
  static override description =
    'Its format, names that do not meet, queries that would take anybody’s data, commands that nobody can type. Exit code 1 when there are any.'
  static override examples = ['<%= config.bin %> course lint ./my-course', '<%= config.bin %> course lint --json']
  static override enableJsonFlag = true
  static override args = {
    course: Args.string({ description: 'its folder or package; the one that is used unless said' }),
  }

  async run() {
    const { args } = await this.parse(CourseLint)
    const [{ courseToCheck }, { lintCourse }, { paint }] = await Promise.all([
      import('./which.ts'),
      import('../../course.ts'),
      import('../../ui/paint.ts'),
    ])
    const p = paint()
    const course = await courseToCheck(args.course)
    const faults = await lintCourse(course)
    for (const { exercise, words } of faults) this.log(`${p.red('✗')} ${exercise}: ${words}`)
    const all = course.exercises.length + course.broken.length
    if (faults.length === 0)
      this.log(
        `${p.green('✓')} ${course.name}: ${all} ${all === 1 ? 'exercise' : 'exercises'}, no fault seen\n→ otel-lab course test`,
      )
    else {
      this.log(`${faults.length} faults in ${all} exercises of ${course.root}`)
      this.endWith(EXIT.failed)
    }
    return { course: course.name, root: course.root, exercises: all, faults }
  }
}
