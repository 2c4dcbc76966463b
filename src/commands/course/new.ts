import { relative, resolve } from 'node:path'
import { Args } from '@oclif/core'
import { LabCommand } from '../base.ts'

export class CourseNew extends LabCommand {
  static override summary = 'Begin a course of your own, with one exercise that works'
  static override examples = ['<%= config.bin %> course new my-course']
  static override enableJsonFlag = true
  static override args = { folder: Args.string({ description: 'a new or an empty folder', required: true }) }

  async run() {
    const { args } = await this.parse(CourseNew)
    const { newCourse } = await import('../../course.ts')
    const root = resolve(args.folder)
    const files = await newCourse(root)
    const shown = relative(process.cwd(), root) || '.'
    for (const file of files) this.log(`  ${shown}/${file}`)
    this.log(`\n→ otel-lab course lint ${shown}\n→ otel-lab course test ${shown}\n→ otel-lab course use ${shown}`)
    return { root, files }
  }
}
