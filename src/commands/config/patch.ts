import { Flags } from '@oclif/core'
import type { Edit } from '../../collector-config.ts'
import { EXIT, LabError } from '../../errors.ts'
import { LabCommand } from '../base.ts'
import { changeCollectorConfig, changeFlags } from './change.ts'

export class ConfigPatch extends LabCommand {
  static override summary = "Change the collector's config, keeping every comment"
  static override description =
    `Shows the change, checks it, writes it, and restarts the collector when the lab runs. When the collector
refuses it, the file is put back. A path is keys with dots between them; a value is YAML.`
  static override examples = [
    { description: 'See every span that flows', command: '<%= config.bin %> config patch --add-debug-exporter' },
    '<%= config.bin %> config patch --add-debug-exporter --pipeline traces --pipeline logs --verbosity basic',
    '<%= config.bin %> config patch --set processors.batch.timeout=200ms --dry-run',
    "<%= config.bin %> config patch --add 'exporters=file: {path: /tmp/out.json}' --add service.pipelines.logs.exporters=file",
    '<%= config.bin %> config patch --remove service.pipelines.traces.processors=filter/health',
  ]
  static override enableJsonFlag = true
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
    const { flags } = await this.parse(ConfigPatch)
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
    const { addDebugExporter, applyEdits } = await import('../../collector-config.ts')
    const { pipeline, verbosity } = flags
    const make = (text: string) => {
      const watched = flags['add-debug-exporter']
        ? addDebugExporter(text, { verbosity, ...(pipeline && { pipelines: pipeline }) })
        : text
      return applyEdits(watched, edits)
    }
    return changeCollectorConfig(this, make, {
      ...flags,
      json: this.jsonEnabled(),
      nothing: 'It is so already; nothing to change.',
    })
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
