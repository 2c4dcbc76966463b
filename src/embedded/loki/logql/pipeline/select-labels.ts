import type { LabelSelector } from '../ast.ts'
import type { LineLabels } from './labels.ts'
import { ERROR_DETAILS_LABEL, ERROR_LABEL, PRESERVE_ERROR_LABEL } from './reserved.ts'
import { type Stage, stage } from './stage.ts'

/** `| drop level, method="GET"` */
export function dropStage(selectors: readonly LabelSelector[]): Stage {
  return stage((line, labels) => {
    for (const selector of selectors) dropOne(selector, labels)
    return line
  })
}

function dropOne({ name, matcher }: LabelSelector, labels: LineLabels): void {
  if (name === ERROR_LABEL) {
    if (matcher?.matches(labels.error) ?? true) labels.error = ''
  } else if (name === ERROR_DETAILS_LABEL) {
    if (matcher?.matches(labels.errorDetails) ?? true) labels.errorDetails = ''
  } else if (matcher === undefined) {
    if (labels.get(name) !== undefined) labels.delete(name)
  } else if (matcher.matches(labels.get(name) ?? '')) labels.delete(name)
}

const SPECIAL = new Set([ERROR_LABEL, ERROR_DETAILS_LABEL, PRESERVE_ERROR_LABEL])

/** `| keep level, method="GET"` */
export function keepStage(selectors: readonly LabelSelector[]): Stage {
  return stage((line, labels) => {
    if (selectors.length === 0) return line
    for (const [name, value] of labels.all()) {
      if (SPECIAL.has(name)) continue
      const kept = selectors.some((s) => s.name === name && (s.matcher?.matches(value) ?? true))
      if (!kept) labels.delete(name)
    }
    return line
  })
}
