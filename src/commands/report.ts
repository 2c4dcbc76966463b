import { join, resolve } from 'node:path'
import { Args, Flags } from '@oclif/core'
import { EXIT, LabError } from '../errors.ts'
import { LabCommand } from './base.ts'

export class Report extends LabCommand {
  static override summary = 'Write what you have passed, and what it rests on, as Markdown and as one HTML page'
  static override description = [
    'Both files hold the queries that were asked, the traces that were found, and when; the page also carries the signed data.',
    '--verify looks whether each pass is as the lab has signed it, and asks Tempo for its traces again. With a FILE it does so for a page that somebody else has made: compare the lab id that it prints with theirs.',
    'Exit code 1 when a pass does not stand.',
  ].join('\n\n')
  static override examples = [
    '<%= config.bin %> report',
    '<%= config.bin %> report --out ~/Desktop',
    '<%= config.bin %> report --verify',
    { description: "Somebody else's page", command: '<%= config.bin %> report --verify their-report.html' },
  ]
  static override enableJsonFlag = true
  static override args = { file: Args.string({ description: 'with --verify: a report page' }) }
  static override flags = {
    verify: Flags.boolean({ description: 'check signatures, and ask the backends again' }),
    out: Flags.string({ description: 'folder to write into; the lab folder unless said', exclusive: ['verify'] }),
  }

  async run() {
    const { args, flags } = await this.parse(Report)
    if (args.file !== undefined && !flags.verify) {
      throw new LabError('usage', 'a file is only read to verify it', {
        hint: `otel-lab report --verify ${args.file}`,
        exit: EXIT.usage,
      })
    }
    if (flags.verify) {
      const { verify } = await import('./report/verify.ts')
      const { result, exit } = await verify(this, args.file, this.interruptSignal())
      this.endWith(exit)
      return result
    }
    const [{ openCourse }, exercises, { writeFileAtomic }, { shownPath }, { renderReport }] = await Promise.all([
      import('./exercise/course.ts'),
      import('../exercises.ts'),
      import('../util/atomic-write.ts'),
      import('../config-change.ts'),
      import('./report/view.ts'),
    ])
    const { workspace, course, progress } = await openCourse()
    const report = await exercises.reportOf(course, progress, new Date())
    const folder = resolve(flags.out ?? workspace.root)
    const files = { markdown: join(folder, 'report.md'), html: join(folder, 'report.html') }
    await writeFileAtomic(files.markdown, exercises.reportMarkdown(report))
    await writeFileAtomic(files.html, await exercises.reportHtml(report))
    this.log(renderReport(report))
    this.log(`\n${shownPath(files.markdown)}\n${shownPath(files.html)}\n\n→ otel-lab report --verify`)
    return { ...report, files }
  }
}
