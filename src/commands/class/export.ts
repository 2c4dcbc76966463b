import { dirname, join, resolve } from 'node:path'
import { Args, Flags } from '@oclif/core'
import { EXIT, LabError } from '../../errors.ts'
import { LabCommand } from '../base.ts'

export class ClassExport extends LabCommand {
  static override summary = 'Write what a class was told as CSV, and as results in the shape of Exercism'
  static override description =
    "One row of the CSV is one learner's exercise. Below exercism/ lies results.json (version 3) for each learner and exercise."
  static override examples = ['<%= config.bin %> class export', '<%= config.bin %> class export Tuesday --out ~/class']
  static override enableJsonFlag = true
  static override args = { name: Args.string({ description: 'what it was called', default: 'class' }) }
  static override flags = { out: Flags.string({ description: 'folder to write into', default: '.' }) }

  async run() {
    const { args, flags } = await this.parse(ClassExport)
    const [{ classCsv, classResults, readJournal, rollOf }, { findWorkspace }, { classDir }, write] = await Promise.all(
      [
        import('../../class.ts'),
        import('../../workspace.ts'),
        import('./run.ts'),
        import('../../util/atomic-write.ts'),
      ],
    )
    const events = await readJournal(classDir(await findWorkspace(), args.name))
    if (events === undefined) {
      throw new LabError('no-class', `this lab has held no class ${args.name}`, {
        hint: `otel-lab class serve "${args.name}"`,
        exit: EXIT.usage,
      })
    }
    const roll = rollOf(events, Date.now())
    const out = resolve(flags.out)
    const csv = join(out, `${args.name.replaceAll(/[^\p{L}\p{N}_-]+/gu, '-')}.csv`)
    await write.makeDir(out)
    await write.writeFileAtomic(csv, classCsv(roll))
    const results = classResults(roll)
    for (const { path, results: one } of results) {
      const file = join(out, 'exercism', ...path, 'results.json')
      await write.makeDir(dirname(file))
      await write.writeFileAtomic(file, `${JSON.stringify(one, undefined, 2)}\n`)
    }
    this.log(`${roll.members.length} learners\n${csv}\n${join(out, 'exercism')}: ${results.length} results`)
    return { learners: roll.members.length, csv, results: results.length }
  }
}
