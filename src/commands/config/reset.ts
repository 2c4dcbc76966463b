import { readFile } from 'node:fs/promises'
import { Flags } from '@oclif/core'
import { LabCommand } from '../base.ts'
import { agreed, applyText } from './apply.ts'
import { changeFlags } from './change.ts'
import { FILE_KEYS, FILES, fileArg, fileKeyOf, type LabFile, shownPath } from './files.ts'

export class ConfigReset extends LabCommand {
  static override summary = 'Put a config file back as it came'
  static override description = 'Your version is kept in .otel-lab/backups.'
  static override examples = ['<%= config.bin %> config reset', '<%= config.bin %> config reset --all --yes']
  static override enableJsonFlag = true
  static override args = { file: fileArg('which one; the collector unless said') }
  static override flags = { all: Flags.boolean({ description: 'all four' }), ...changeFlags }

  async run() {
    const { args, flags } = await this.parse(ConfigReset)
    const [{ findWorkspace }, { openEngine }, { unifiedDiff }, { renderDiff }, { paint }] = await Promise.all([
      import('../../workspace.ts'),
      import('../../engine/choose.ts'),
      import('../../collector-config.ts'),
      import('./view.ts'),
      import('../../ui/paint.ts'),
    ])
    const workspace = await findWorkspace()
    const engine = await openEngine(workspace)
    const keys = flags.all ? FILE_KEYS : [fileKeyOf(args.file ?? 'collector')]
    const p = paint()
    const files: { file: string; path: string; changed: boolean; backup?: string; restarted?: boolean }[] = []
    for (const key of keys) {
      const { file: name, service } = FILES[key]
      const path = workspace.configPath(name)
      const original = await readFile(workspace.pristineConfigPath(name), 'utf8')
      // A file that is gone or cannot be read is what this command is for, too.
      const text = await readFile(path, 'utf8').catch(() => '')
      const file: LabFile = { key, service, path, shown: shownPath(path), text, original }
      if (text === original) {
        this.log(`${p.green('✓')} ${file.shown} is as it came.`)
        files.push({ file: key, path, changed: false })
        continue
      }
      this.log(renderDiff(unifiedDiff(text, original, { from: file.shown, to: `${key} as it came` }), p))
      if (flags['dry-run']) {
        this.log('Nothing was written (--dry-run).')
        files.push({ file: key, path, changed: false })
        continue
      }
      if (!this.jsonEnabled() && !(await agreed(`Put ${file.shown} back?`, flags))) {
        files.push({ file: key, path, changed: false })
        continue
      }
      const { backup, restarted } = await applyText(workspace, engine, file, original)
      const kept = backup === '' ? '' : ` Yours is kept: ${shownPath(backup)}`
      this.log(`${p.green('✓')} ${file.shown} is as it came${restarted ? `; ${service} runs with it now` : ''}.${kept}`)
      files.push({ file: key, path, changed: true, backup, restarted })
    }
    return { files }
  }
}
