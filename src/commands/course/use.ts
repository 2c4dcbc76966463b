import { Args } from '@oclif/core'
import { LabCommand } from '../base.ts'

export class CourseUse extends LabCommand {
  static override summary = 'Take the exercises of a course of your own, or of otel-lab again'
  static override description =
    'A course is a folder, or an npm package that is installed, with exercises/ and solutions/. Its checks run the programs that its author names: take courses from people whom you trust.'
  static override examples = [
    '<%= config.bin %> course use ./my-course',
    '<%= config.bin %> course use otel-course-tempo',
    { description: 'The built-in one', command: '<%= config.bin %> course use otel-lab' },
  ]
  static override enableJsonFlag = true
  static override args = { course: Args.string({ description: 'its folder or package', required: true }) }

  async run() {
    const { args } = await this.parse(CourseUse)
    const [{ findCourse }, { loadCourse }, { findWorkspace }] = await Promise.all([
      import('../../course.ts'),
      import('../../exercises.ts'),
      import('../../workspace.ts'),
    ])
    const found = await findCourse(args.course, process.cwd())
    const course = await loadCourse(found.root, found.name)
    const workspace = await findWorkspace({ create: true })
    await workspace.setState({ course: found.name === 'otel-lab' ? undefined : found })
    this.log(`This lab uses ${course.name}: ${course.exercises.length} exercises, ${found.root}`)
    if (course.broken.length > 0) this.log(`${course.broken.length} cannot be used: otel-lab course lint`)
    this.log('→ otel-lab exercise')
    return { ...found, exercises: course.exercises.map(({ slug }) => slug), broken: course.broken }
  }
}
