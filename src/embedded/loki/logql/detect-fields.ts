import { Hints } from './pipeline/hints.ts'
import { jsonStage } from './pipeline/json.ts'
import { baseLabels, LineLabels, sorted } from './pipeline/labels.ts'
import { logfmtStage } from './pipeline/logfmt.ts'
import type { Labels } from './source.ts'

/** The fields of a line that nobody has told how to parse: JSON when it is an object, else logfmt. */
export function createFieldDetector(): (line: string) => { parser: 'json' | 'logfmt' | undefined; fields: Labels } {
  const json = jsonStage()
  const logfmt = logfmtStage(true, false)
  const labels = new LineLabels(Hints.all())
  return (line) => {
    for (const [parser, stage] of [['json', json] as const, ['logfmt', logfmt] as const]) {
      labels.start(baseLabels([]), [])
      stage.run(line, labels, 0n)
      if (labels.error === '' && labels.parsed.size > 0) return { parser, fields: sorted(labels.parsed) }
    }
    return { parser: undefined, fields: [] }
  }
}
