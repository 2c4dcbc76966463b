import type { LogExpression } from '../ast.ts'
import type { Pipeline } from '../logql.ts'
import type { ResultLine } from '../results.ts'
import type { Entry } from '../source.ts'
import { compileStages, type Surroundings } from './compile.ts'
import { Hints } from './hints.ts'
import { baseLabels, LineLabels } from './labels.ts'
import type { Stage } from './stage.ts'

const PARSERS = new Set(['json', 'logfmt', 'regexp', 'pattern', 'unpack'])

/** The stages of a log query, ready for any number of streams. */
export function compilePipeline(logs: LogExpression, around: Surroundings): Pipeline {
  const { stages } = compileStages(logs.stages, around)
  return {
    matchers: logs.matchers,
    parses: logs.stages.some(({ stage }) => PARSERS.has(stage)),
    forStream(streamLabels) {
      const base = baseLabels(streamLabels)
      const labels = new LineLabels(Hints.all())
      return (entry) => {
        labels.start(base, entry.metadata)
        const line = runStages(stages, entry, labels)
        return line === undefined ? undefined : result(line, entry, labels)
      }
    },
  }
}

function result(line: string, { nanos }: Entry, labels: LineLabels): ResultLine {
  return { nanos, line, ...labels.categories() }
}

/** The line as the last stage leaves it, undefined when one drops it. */
export function runStages(stages: readonly Stage[], entry: Entry, labels: LineLabels): string | undefined {
  let line: string | undefined = entry.line
  for (const stage of stages) {
    line = stage.run(line, labels, entry.nanos)
    if (line === undefined) return undefined
  }
  return line
}
