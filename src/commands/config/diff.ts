import { LabCommand } from '../base.ts'
import { FILE_KEYS, fileArg, fileKeyOf, readLabFile } from './files.ts'

export class ConfigDiff extends LabCommand {
  static override summary = 'Show what you changed in the config files'
  static override description = 'Compares your copies with the ones that came with otel-lab.'
  static override examples = ['<%= config.bin %> config diff', '<%= config.bin %> config diff collector --json']
  static override enableJsonFlag = true
  static override args = { file: fileArg('only this one') }

  async run() {
    const { args } = await this.parse(ConfigDiff)
    const [{ findWorkspace }, { unifiedDiff }, { renderDiff }, { paint }] = await Promise.all([
      import('../../workspace.ts'),
      import('../../collector-config.ts'),
      import('./view.ts'),
      import('../../ui/paint.ts'),
    ])
    const workspace = await findWorkspace()
    const keys = args.file === undefined ? FILE_KEYS : [fileKeyOf(args.file)]
    const files = await Promise.all(
      keys.map(async (key) => {
        const file = await readLabFile(workspace, key)
        const diff = unifiedDiff(file.original, file.text, { from: `${key} as it came`, to: file.shown })
        return { file: key, path: file.path, changed: diff !== '', diff }
      }),
    )
    const changed = files.filter((file) => file.changed)
    for (const { diff } of changed) this.log(`${renderDiff(diff, paint())}\n`)
    if (changed.length === 0) this.log(`${keys.join(', ')}: as it came, nothing changed`)
    return { files }
  }
}
