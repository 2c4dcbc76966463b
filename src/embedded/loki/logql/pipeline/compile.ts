import { QueryError } from '../../../../errors.ts'
import type { Stage as Syntax } from '../ast.ts'
import { printStage } from '../print.ts'
import { patternStage, regexpStage } from './captures.ts'
import { decolorizeStage } from './decolorize.ts'
import { labelFormatStage, lineFormatStage } from './format.ts'
import type { EarlyFilter } from './hints.ts'
import { jsonStage } from './json.ts'
import { jsonExpressionStage } from './json-expression.ts'
import { compileLabelFilter } from './label-filter.ts'
import { lineFilterStage } from './line-filter.ts'
import { logfmtExpressionStage, logfmtStage } from './logfmt.ts'
import { dropStage, keepStage } from './select-labels.ts'
import { type Stage, stage } from './stage.ts'
import { unpackStage } from './unpack.ts'

/** What the stages of a pipeline need of the world. */
export interface Surroundings {
  /** For messages. */
  query: string
  /** The clock, in nanoseconds; templates may ask. */
  now: () => bigint
}

export interface CompiledStages {
  stages: Stage[]
  /** Labels that the stages read. */
  uses: string[]
  early: EarlyFilter[]
}

export function compileStages(syntax: readonly Syntax[], around: Surroundings): CompiledStages {
  const early: EarlyFilter[] = []
  const stages: Stage[] = []
  for (const one of reorder(syntax)) {
    try {
      stages.push(compileStage(one, around, early))
    } catch (error) {
      // A stage that cannot be made is the query's fault; where in the text is not known any more.
      const text = printStage(one)
      const message = `parse error : stage '${text}' : ${(error as Error).message}`
      throw new QueryError(message, around.query, placeOf(one, around.query))
    }
  }
  return { stages, uses: [...new Set(stages.flatMap((s) => s.uses))], early }
}

/** The first place where the stage's kind is named, which is mostly the right one. */
function placeOf(syntax: Syntax, query: string): number {
  const word = syntax.stage === 'label_filter' || syntax.stage === 'line_filters' ? 'ip' : syntax.stage
  return Math.max(0, query.search(new RegExp(`\\b${word}\\b`)))
}

function compileStage(syntax: Syntax, { now }: Surroundings, early: EarlyFilter[]): Stage {
  switch (syntax.stage) {
    case 'line_filters':
      return lineFilterStage(syntax.filters)
    case 'json':
      return syntax.expressions === undefined ? jsonStage() : jsonExpressionStage(syntax.expressions)
    case 'logfmt':
      return syntax.expressions === undefined
        ? logfmtStage(syntax.strict, syntax.keepEmpty)
        : logfmtExpressionStage(syntax.expressions, syntax.strict)
    case 'regexp':
      return regexpStage(syntax.pattern)
    case 'pattern':
      return patternStage(syntax.pattern)
    case 'unpack':
      return unpackStage()
    case 'label_filter': {
      const filter = compileLabelFilter(syntax.filter)
      if (filter.early !== undefined) early.push(filter.early)
      return stage((line, labels) => (filter.passes(labels) ? line : undefined), filter.uses)
    }
    case 'line_format':
      return lineFormatStage(syntax.template, now)
    case 'label_format':
      return labelFormatStage(syntax.formats, now)
    case 'decolorize':
      return decolorizeStage()
    case 'drop':
      return dropStage(syntax.labels)
    case 'keep':
      return keepStage(syntax.labels)
  }
}

/**
 * Line filters move in front of what leaves the line alone, up to the label filter before them, so that fewer lines
 * need parsing. Loki does the same, and it shows: a line that is filtered out has no parser's error.
 */
function reorder(syntax: readonly Syntax[]): Syntax[] {
  const result: Syntax[] = []
  let filters: (Syntax & { stage: 'line_filters' })[] = []
  let others: Syntax[] = []
  const flush = () => {
    if (filters.length > 0) result.push({ stage: 'line_filters', filters: filters.flatMap((f) => f.filters) })
    result.push(...others)
    filters = []
    others = []
  }
  for (const one of syntax) {
    if (one.stage === 'line_filters') filters.push(one)
    else if (one.stage === 'label_filter') {
      flush()
      result.push(one)
    } else {
      others.push(one)
      if (one.stage === 'line_format' || one.stage === 'unpack') flush()
    }
  }
  flush()
  return result
}
