import { type Labels, labelsFrom, labelsText } from '../../series/labels.ts'
import type { ScrapeLimits } from '../config/scrape-config.ts'
import type { FlatLabels } from '../exposition/entries.ts'
import { relabel } from '../relabel.ts'
import type { Target } from './target.ts'

/**
 * What a scraped sample is called in the store: the target's labels added (a clash keeps the sample's with
 * honor_labels, else renames it `exported_x`), then metric_relabel_configs. Undefined when those drop it.
 * Throws Error for what fails the whole scrape, in Prometheus's words.
 */
export function sampleLabels(raw: FlatLabels, target: Target): Labels | undefined {
  const labels = new Map<string, string>()
  for (let i = 0; i < raw.length; i += 2) {
    if (labels.has(raw[i]!)) throw new Error(`label name "${raw[i]}" is not unique: invalid sample`)
    labels.set(raw[i]!, raw[i + 1]!)
  }
  if (target.job.honorLabels) {
    for (const [name, value] of target.labels) if (!labels.has(name)) labels.set(name, value)
  } else {
    addConflicting(labels, target.labels)
  }
  for (const [name, value] of [...labels]) if (value === '') labels.delete(name)
  if (!relabel(labels, target.job.metricRelabel)) return undefined
  const result = labelsFrom(labels)
  if (!labels.has('__name__')) throw new Error(`invalid metric name or label names: ${labelsText(result)}`)
  checkLimits(result, target.job)
  return result
}

/** The labels of what Prometheus itself reports about a scrape, such as `up`. */
export function reportLabels(name: string, target: Target): Labels {
  const labels = new Map([['__name__', name]])
  addConflicting(labels, target.labels)
  return labelsFrom(labels)
}

function addConflicting(labels: Map<string, string>, own: ReadonlyMap<string, string>): void {
  const clashing = [...labels].filter(([name, value]) => own.has(name) && value !== '')
  for (const [name, value] of own) labels.set(name, value)
  // Shortest first, so that `x` and `exported_x` both find a free name.
  for (const [name, value] of clashing.sort(([a], [b]) => a.length - b.length)) {
    let free = `exported_${name}`
    while (labels.has(free)) free = `exported_${free}`
    labels.set(free, value)
  }
}

function checkLimits(labels: Labels, limits: ScrapeLimits): void {
  const { labelLimit, labelNameLengthLimit, labelValueLengthLimit } = limits
  const count = labels.length / 2
  if (labelLimit > 0 && count > labelLimit) {
    throw new Error(
      `label_limit exceeded (metric: "${labelsText(labels)}", number of labels: ${count}, limit: ${labelLimit})`,
    )
  }
  for (let i = 0; i < labels.length; i += 2) {
    const [name, value] = [labels[i]!, labels[i + 1]!]
    if (labelNameLengthLimit > 0 && name.length > labelNameLengthLimit) {
      throw new Error(
        `label_name_length_limit exceeded (label name: "${name}", length: ${name.length}, limit: ${labelNameLengthLimit})`,
      )
    }
    if (labelValueLengthLimit > 0 && value.length > labelValueLengthLimit) {
      throw new Error(
        `label_value_length_limit exceeded (label name: "${name}", length: ${value.length}, limit: ${labelValueLengthLimit})`,
      )
    }
  }
}
