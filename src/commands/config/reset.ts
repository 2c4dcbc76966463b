import { Flags } from '@oclif/core'
import { LabCommand } from '../base.ts'
import { changeFlags, changeWith, openConfigLab } from './change.ts'
import { FILE_KEYS, fileArg, fileKeyOf } from './files.ts'

export class ConfigReset extends LabCommand {
  static override summary = 'Put a config file back as it came'
  static override description = 'Your version is kept in .otel-lab/backups.'
  static override examples = ['<%= config.bin %> config reset', '<%= config.bin %> config reset --all --yes']
  static override enableJsonFlag = true
  static override args = { file: fileArg('which one; the collector unless said') }
  static override flags = { all: Flags.boolean({ description: 'all four' }), ...changeFlags }

  async run() {
    const { args, flags } = await this.parse(ConfigReset)
    const lab = await openConfigLab(this)
    const keys = flags.all ? FILE_KEYS : [fileKeyOf(args.file ?? 'collector')]
    const files: unknown[] = []
    for (const key of keys) {
      // A file that is gone or cannot be read is what this command is for, too.
      const change = { key, orNone: true, make: (_: string, file: { original: string }) => file.original }
      const { path, applied, backup, restarted } = await changeWith(this, lab, change, {
        ...flags,
        json: this.jsonEnabled(),
        nothing: `The ${key}'s config is as it came.`,
        done: '%s is as it came',
        question: 'Put %s back as it came?',
      })
      files.push({ file: key, path, changed: applied, ...(backup && { backup }), ...(restarted && { restarted }) })
    }
    return { files }
  }
}
