import { resolve } from 'node:path'
import { Args, Flags } from '@oclif/core'
import type { Change } from '../../collector-config.ts'
import { LabCommand } from '../base.ts'
import { changeFlags, changeWith, openConfigLab } from './change.ts'

export class ConfigMigrate extends LabCommand {
  static override summary = "Lift an old collector config to today's names"
  static override description =
    `Replaces what is gone (the logging and loki exporters, $VAR, telemetry.metrics.address...) and says for each
change what, why and since which version. With a FILE the lifted text is printed and the lab left alone.`
  static override examples = [
    '<%= config.bin %> config migrate --dry-run',
    { description: 'A config from a blog', command: '<%= config.bin %> config migrate old.yaml > new.yaml' },
    { description: 'Use it in the lab', command: '<%= config.bin %> config migrate old.yaml --use' },
  ]
  static override enableJsonFlag = true
  static override args = { path: Args.string({ description: "a file; the lab's own unless said" }) }
  static override flags = {
    use: Flags.boolean({ description: "with a FILE: make it the lab's config" }),
    ...changeFlags,
  }

  async run() {
    const { args, flags } = await this.parse(ConfigMigrate)
    const [{ migrateConfig }, { readText }] = await Promise.all([
      import('../../collector-config.ts'),
      import('../../config-change.ts'),
    ])
    const given =
      args.path === undefined ? undefined : await readText(resolve(args.path), 'otel-lab config migrate --help')
    if (given !== undefined && !flags.use) {
      const { text, changes } = migrateConfig(given)
      await this.#tell(changes, (row) => this.logToStderr(row))
      this.verbatim(text.trimEnd())
      return { text, changes, changed: changes.length > 0, applied: false }
    }
    let changes: Change[] = []
    let told = ''
    const make = async (text: string) => {
      const migration = migrateConfig(given ?? text)
      changes = migration.changes
      // Made once to be shown and once to be written.
      if (told !== text) await this.#tell(changes, (row) => this.log(row))
      told = text
      return migration.text
    }
    const result = await changeWith(
      this,
      await openConfigLab(this),
      { key: 'collector', make },
      { ...flags, json: this.jsonEnabled(), nothing: 'Nothing in it is old.' },
    )
    return { ...result, changes }
  }

  async #tell(changes: Change[], print: (row: string) => void): Promise<void> {
    const { paint } = await import('../../ui/paint.ts')
    const p = paint()
    for (const { line, what, why, since } of changes) {
      print(`${p.dim(`line ${line}`)}  ${what}\n  ${p.dim(`since ${since}: ${why}`)}`)
    }
    if (changes.length > 0) print('')
  }
}
