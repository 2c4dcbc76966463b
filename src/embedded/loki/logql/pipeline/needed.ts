import type { LabelFilter, LogExpression } from '../ast.ts'
import { isPlain, type Needle } from '../source.ts'
import { neededTexts } from './line-filter.ts'

// What a store may use to leave lines out before the pipeline sees them.

/** Texts that a line of use has as it is stored: of the line filters before anything changes the line. */
export function textsNeeded({ stages }: LogExpression): string[] {
  const texts: string[] = []
  for (const one of stages) {
    if (one.stage === 'line_filters') texts.push(...neededTexts(one.filters))
    if (one.stage === 'line_format' || one.stage === 'unpack' || one.stage === 'decolorize') break
  }
  return texts
}

/**
 * Values that a line of use has in its labels. `labelValues`: as they are stored, of the label filters before anything adds
 * to the labels or changes them. `needles`: or in its text, of those behind parsers. So `| json | trace_id="..."` finds
 * its few lines without taking all the others apart.
 */
export function valuesNeeded({ stages }: LogExpression): { labelValues: string[]; needles: Needle[] } {
  const labelValues: string[] = []
  const needles: Needle[] = []
  let parsed: 'no' | 'whole' | 'parts' = 'no'
  for (const one of stages) {
    if (one.stage === 'label_filter') {
      const values = valuesOf(one.filter)
      if (parsed === 'no') labelValues.push(...values)
      else needles.push(...values.filter(isPlain).map((value) => ({ value, whole: parsed === 'whole' })))
    } else if (one.stage === 'json' || one.stage === 'logfmt') {
      if (parsed === 'no') parsed = 'whole'
    } else if (one.stage === 'regexp' || one.stage === 'pattern') parsed = 'parts'
    // The others change the line, or the labels.
    else if (one.stage !== 'line_filters') break
  }
  return { labelValues, needles }
}

function valuesOf(filter: LabelFilter): string[] {
  if (filter.filter === 'and') return [...valuesOf(filter.left), ...valuesOf(filter.right)]
  if (filter.filter !== 'matcher' || filter.matcher.operator !== '=' || filter.matcher.value === '') return []
  // What begins so may be an error of the evaluation itself.
  return filter.matcher.name.startsWith('__') ? [] : [filter.matcher.value]
}
