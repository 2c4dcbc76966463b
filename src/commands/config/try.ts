import { Flags } from '@oclif/core'
import { EXIT } from '../../errors.ts'
import { LabCommand } from '../base.ts'

export class ConfigTry extends LabCommand {
  static override summary = 'See what an edited collector config would do to the last run, before it runs'
  static override description = [
    'Puts what the last run sent through the config that runs and through the edited one, beside the running collector, which is not touched: what would be added, changed, dropped or delayed, span by span, line by line, series by series, and what it costs.',
    'The edited config is your file as it is now, with --set on top of it.',
    'Exit code 1 when the collector would refuse the config.',
  ].join('\n\n')
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --set processors.batch.timeout=200ms',
    "<%= config.bin %> <%= command.id %> --set 'processors.resource.attributes=[{key: team, value: mri, action: insert}]' --json",
  ]
  static override enableJsonFlag = true
  static override flags = {
    set: Flags.string({
      description: 'PATH=VALUE: an edit on top of the file',
      multiple: true,
      multipleNonGreedy: true,
    }),
    run: Flags.string({ description: 'the run to replay; the last one unless said', helpValue: 'RUN_ID' }),
    all: Flags.boolean({ description: 'every span, line and series, however many' }),
  }

  async run() {
    const { flags } = await this.parse(ConfigTry)
    const [{ openLabBackends }, { scrapesOf }, { applyEdits }, { readFile }, { tryConfig }, view] = await Promise.all([
      import('../../lab/open-backends.ts'),
      import('../../backends.ts'),
      import('../../collector-config.ts'),
      import('node:fs/promises'),
      import('../../journey.ts'),
      import('../journey/try-view.ts'),
    ])
    const { workspace, engine, backends } = await openLabBackends()
    const read = (name: 'otel-collector-config.yaml' | 'tempo.yaml') =>
      readFile(workspace.configPath(name), 'utf8').catch(() => '')
    const [file, tempo, running, targets] = await Promise.all([
      read('otel-collector-config.yaml'),
      read('tempo.yaml'),
      engine.runningConfig?.('otel-collector'),
      scrapesOf(backends.prometheus),
    ])
    const edits = (flags.set ?? []).map((text) => {
      const [, path, value] = /^([^=]+)=(.*)$/s.exec(text) ?? []
      if (path === undefined || value === undefined) this.error(`${text} is not PATH=VALUE`, { exit: EXIT.usage })
      return { op: 'set' as const, path, value }
    })
    const edited = edits.length > 0 ? applyEdits(file, edits) : file
    const problems = await engine.validateCollectorConfig(edited)
    const errors = problems.filter(({ severity }) => severity === 'error')
    if (errors.length > 0) {
      this.log(view.renderRefused(errors))
      this.endWith(EXIT.failed)
      return { refused: errors }
    }
    const trial = await tryConfig({
      ...{ engine, running: running ?? file, edited, tempo, targets, env: process.env },
      ...(flags.run ? { runId: flags.run } : {}),
    })
    this.log(view.renderTrial(trial, { all: flags.all, edited: edited !== (running ?? file) }))
    return trial
  }
}
