import { Flags } from '@oclif/core'
import { LabCommand } from '../base.ts'
import { fileArg, fileKeyOf } from './files.ts'

export class ConfigShow extends LabCommand {
  static override summary = 'Print a config file of the lab'
  static override examples = [
    '<%= config.bin %> config show',
    { description: "Prometheus's, as it came", command: '<%= config.bin %> config show prometheus --original' },
  ]
  static override enableJsonFlag = true
  static override args = { file: fileArg('which one; the collector unless said') }
  static override flags = { original: Flags.boolean({ description: 'the file as it came with otel-lab' }) }

  async run() {
    const { args, flags } = await this.parse(ConfigShow)
    const [{ findWorkspace }, { readConfigFile }] = await Promise.all([
      import('../../workspace.ts'),
      import('../../config-change.ts'),
    ])
    const file = await readConfigFile(await findWorkspace(), fileKeyOf(args.file ?? 'collector'))
    const text = flags.original ? file.original : file.text
    this.verbatim(text.trimEnd())
    return { file: file.key, path: file.path, changed: file.text !== file.original, text }
  }
}
