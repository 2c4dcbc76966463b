import { existsSync } from 'node:fs'
import { dirname } from 'node:path'
import { suggestion } from '../../util/nearest.ts'
import { ALL_SIGNALS, component } from '../component.ts'
import { bool, int, list, maybe, string, struct, text } from '../schema.ts'
import { sendingQueue } from '../shared/sending.ts'

const LEVELS = ['none', 'basic', 'normal', 'detailed']

/** Prints what passes. `verbosity` comes out in lower case. */
export const debugExporter = component({
  kind: 'exporter',
  type: 'debug',
  signals: ALL_SIGNALS,
  schema: struct(
    'debugexporter.Config',
    {
      verbosity: text(
        (word) => {
          const lower = word.toLowerCase()
          if (LEVELS.includes(lower)) return { value: lower }
          const hint = suggestion([lower], LEVELS.slice(1), 'verbosity is one of')
          return { error: `unknown metrics level ${JSON.stringify(lower)}`, hint }
        },
        'basic',
        'configtelemetry.Level',
        // Its Go type is a number, and one is taken as such.
        new Map([
          [-1, 'none'],
          [0, 'basic'],
          [1, 'normal'],
          [2, 'detailed'],
        ]),
      ),
      sampling_initial: int(2),
      sampling_thereafter: int(1),
      use_internal_logger: bool(true),
      output_paths: maybe(list(string())),
      sending_queue: sendingQueue('off'),
    },
    function* (d) {
      const key = ['output_paths']
      if (d.verbosity === 'none') {
        const hint = 'verbosity is one of basic, normal, detailed'
        yield { message: 'verbosity level "None" is not supported', key: ['verbosity'], hint }
      } else if (d.use_internal_logger && d.output_paths !== undefined) {
        yield { message: 'output_paths is not supported when use_internal_logger is true', key }
      } else if (!d.use_internal_logger && d.output_paths?.length === 0) {
        yield { message: 'output_paths must not be empty when use_internal_logger is false', key }
      }
    },
  ),
  build: function* (d) {
    const path = (d.output_paths ?? []).find((one: string) => /^\//.test(one) && !existsSync(dirname(one)))
    if (path === undefined) return
    const words = `open sink ${JSON.stringify(path)}: open ${path}: no such file or directory`
    yield { message: words, key: ['output_paths'] }
  },
})
