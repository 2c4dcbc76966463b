import { Flags } from '@oclif/core'
import { LabCommand } from '../base.ts'
import { FILE_KEYS, fileArg, fileKeyOf } from './files.ts'

export class ConfigDiff extends LabCommand {
  static override summary = 'Show what you changed in the config files'
  static override description =
    'Compares your copies with the ones that came with otel-lab; with --running, with what the services run with.'
  static override examples = [
    '<%= config.bin %> config diff',
    '<%= config.bin %> config diff collector --json',
    { description: 'Is the file what runs?', command: '<%= config.bin %> config diff --running' },
  ]
  static override enableJsonFlag = true
  static override args = { file: fileArg('only this one') }
  static override flags = {
    running: Flags.boolean({ description: 'against the configs that the services have read' }),
  }

  async run() {
    const { args, flags } = await this.parse(ConfigDiff)
    const [{ findWorkspace }, { unifiedDiff }, { renderDiff }, { paint }, { readConfigFile }] = await Promise.all([
      import('../../workspace.ts'),
      import('../../collector-config.ts'),
      import('./view.ts'),
      import('../../ui/paint.ts'),
      import('../../config-change.ts'),
    ])
    const workspace = await findWorkspace()
    const keys = args.file === undefined ? FILE_KEYS : [fileKeyOf(args.file)]
    if (flags.running) {
      const { diffRunning } = await import('./running.ts')
      return diffRunning(this, workspace, keys)
    }
    const files = await Promise.all(
      keys.map(async (key) => {
        const file = await readConfigFile(workspace, key)
        const diff = unifiedDiff(file.original, file.text, { from: `${key} as it came`, to: file.shown })
        return { file: key, path: file.path, changed: diff !== '', diff }
      }),
    )
    const changed = files.filter((file) => file.changed)
    for (const { diff } of changed) this.verbatim(`${renderDiff(diff, paint())}\n`)
    if (changed.length === 0) this.log(`${keys.join(', ')}: as it came, nothing changed`)
    return { files }
  }
}
