import { LabCommand } from './base.ts'

export class Lesson extends LabCommand {
  static override summary = "Find each command of the lesson's text in the lab"
  static override description =
    'The lesson "Data Flow Explained" is older than what it teaches: docker-compose, the logging and the loki exporter are gone. Each of its steps is here with what does it in the lab, and what differs.'
  static override examples = ['<%= config.bin %> lesson', '<%= config.bin %> lesson --json']
  static override enableJsonFlag = true

  async run() {
    await this.parse(Lesson)
    const [{ loadLesson }, { paint }] = await Promise.all([import('../lesson.ts'), import('../ui/paint.ts')])
    const { lesson, steps } = await loadLesson()
    const p = paint()
    this.log(p.bold(lesson))
    for (const { step, theirs, ours, differs } of steps) {
      this.log(`\n${step}\n  ${p.dim(theirs)}`)
      for (const command of ours) this.log(`  ${p.cyan('→')} ${command}`)
      if (differs) this.log(`    ${differs}`)
    }
    return { lesson, steps }
  }
}
