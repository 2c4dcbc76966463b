import { Flags } from '@oclif/core'
import type { Edit } from '../../collector-config.ts'
import { EXIT, LabError } from '../../errors.ts'
import { LabCommand } from '../base.ts'
import { changeFlags, changeWith, openConfigLab } from './change.ts'
import { fileArg, fileKeyOf } from './files.ts'

export class ConfigPatch extends LabCommand {
  static override summary = 'Change a config file, keeping every comment'
  static override description =
    `Shows the change, checks it, writes it, and restarts the service when the lab runs. When the service refuses
it, the file is put back. A path is keys with dots between them; a value is YAML. What the file says afterwards
differs by what was asked and by nothing else, or nothing is written.`
  static override examples = [
    { description: 'See every span that flows', command: '<%= config.bin %> config patch --add-debug-exporter' },
    '<%= config.bin %> config patch --add-debug-exporter --pipeline traces --pipeline logs --verbosity basic',
    '<%= config.bin %> config patch --set processors.batch.timeout=200ms --dry-run',
    "<%= config.bin %> config patch --add 'exporters=file: {path: /tmp/out.json}' --add service.pipelines.logs.exporters=file",
    '<%= config.bin %> config patch --remove service.pipelines.traces.processors=filter/health',
    '<%= config.bin %> config patch prometheus --set global.scrape_interval=5s',
  ]
  static override enableJsonFlag = true
  static override args = { file: fileArg('which one; the collector unless said') }
  static override flags = {
    'add-debug-exporter': Flags.boolean({ description: 'print what flows through a pipeline' }),
    pipeline: Flags.string({
      description: 'with --add-debug-exporter: where; traces unless said',
      multiple: true,
      dependsOn: ['add-debug-exporter'],
    }),
    verbosity: Flags.option({
      description: 'with --add-debug-exporter: how much',
      options: ['basic', 'normal', 'detailed'] as const,
      default: 'detailed' as const,
    })(),
    set: Flags.string({ description: 'PATH=VALUE: write a value', multiple: true }),
    add: Flags.string({ description: 'PATH=VALUE: put an item into a list, or a key into a map', multiple: true }),
    remove: Flags.string({ description: 'PATH or PATH=VALUE: take a key, or an item of a list', multiple: true }),
    ...changeFlags,
  }

  async run() {
    const { args, flags } = await this.parse(ConfigPatch)
    const key = fileKeyOf(args.file ?? 'collector')
    const edits = [
      ...(flags.set ?? []).map((text) => pathAndValue('set', text)),
      ...(flags.add ?? []).map((text) => pathAndValue('add', text)),
      ...(flags.remove ?? []).map(pathAndMaybeValue),
    ]
    if (edits.length === 0 && !flags['add-debug-exporter']) {
      throw new LabError('nothing-to-do', 'say what to change', {
        hint: 'otel-lab config patch --add-debug-exporter\nor --set, --add, --remove: otel-lab config patch --help',
        exit: EXIT.usage,
      })
    }
    if (flags['add-debug-exporter'] && key !== 'collector') {
      throw new LabError('usage', `only the collector has exporters, ${key} has none`, {
        hint: 'otel-lab config patch --add-debug-exporter',
        exit: EXIT.usage,
      })
    }
    const { addDebugExporter, applyEdits, changedValue } = await import('../../collector-config.ts')
    const { pipeline, verbosity } = flags
    const make = (text: string) => {
      const watched = flags['add-debug-exporter']
        ? addDebugExporter(text, { verbosity, ...(pipeline && { pipelines: pipeline }) })
        : text
      return applyEdits(watched, edits, { keys: key === 'collector' ? 'collector' : 'any' })
    }
    return changeWith(
      this,
      await openConfigLab(this),
      { key, make },
      {
        ...flags,
        json: this.jsonEnabled(),
        nothing: 'It is so already; nothing to change.',
        // Nobody named it, so it is said: the value that the learner had chosen gives way.
        remarks: ({ file, text }) => {
          const path = ['exporters', 'debug', 'verbosity']
          const found = flags['add-debug-exporter'] ? changedValue(file.text, text, path) : undefined
          return found ? [`${path.join('.')} was ${found.before} and becomes ${found.after}`] : []
        },
      },
    )
  }
}

/** The first `=` outside quotes parts the two: a path may quote a key. */
function cut(text: string): [string, string | undefined] {
  const match = /^((?:"[^"]*"|[^="])*)=(.*)$/s.exec(text)
  return match === null ? [text, undefined] : [match[1]!.trim(), match[2]!]
}

function pathAndValue(op: 'set' | 'add', text: string): Edit {
  const [path, value] = cut(text)
  if (value !== undefined) return { op, path, value }
  throw new LabError('bad-path', `--${op} ${text}: there is no value`, {
    hint: `otel-lab config patch --${op} ${text}=VALUE`,
    exit: EXIT.usage,
  })
}

function pathAndMaybeValue(text: string): Edit {
  const [path, value] = cut(text)
  return { op: 'remove', path, ...(value !== undefined && { value }) }
}
