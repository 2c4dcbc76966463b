import type { Labels, Series } from '../../page-server/answers.ts'

/** The labels by which series of one answer differ; those that all share are left out. */
export function seriesNames(series: readonly Series[]): string[] {
  const all = series.map(({ labels }) => labels)
  const keys = new Set(all.flatMap((labels) => Object.keys(labels)))
  const differing = [...keys].filter((key) => new Set(all.map((labels) => labels[key])).size > 1)
  return all.map((labels) => seriesName(labels, differing))
}

export function seriesName(labels: Labels, only?: readonly string[]): string {
  const keys = (only ?? Object.keys(labels)).filter((key) => key !== '__name__' && labels[key] !== undefined)
  const text = keys.map((key) => `${key}=${JSON.stringify(labels[key])}`).join(', ')
  return text === '' ? (labels.__name__ ?? 'value') : text
}
