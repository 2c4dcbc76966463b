import type { Labels, Series } from '../../page-server/answers.ts'

/** The labels by which series of one answer differ; those that all share are left out. */
export function seriesNames(series: readonly Series[]): string[] {
  const all = series.map(({ labels }) => labels)
  const keys = new Set(all.flatMap((labels) => Object.keys(labels)))
  const differing = [...keys].filter((key) => new Set(all.map((labels) => labels[key])).size > 1)
  return all.map((labels) => seriesName(labels, differing))
}

const COLOURS = 6
/** The colour of what failed, everywhere on the page. */
const FAILED = 1

/** Which of the six colours each series has: what failed has the page's colour for that, and no other takes it. */
export function seriesColours(series: readonly Series[]): number[] {
  const failed = series.map(({ labels }) => Object.values(labels).some((value) => /^(fail|error)/i.test(value)))
  if (!failed.includes(true)) return series.map((_, i) => i % COLOURS)
  const others = Array.from({ length: COLOURS }, (_, i) => i).filter((i) => i !== FAILED)
  let next = 0
  return failed.map((is) => (is ? FAILED : others[next++ % others.length]!))
}

export function seriesName(labels: Labels, only?: readonly string[]): string {
  const keys = (only ?? Object.keys(labels)).filter((key) => key !== '__name__' && labels[key] !== undefined)
  const text = keys.map((key) => `${key}=${JSON.stringify(labels[key])}`).join(', ')
  return text === '' ? (labels.__name__ ?? 'value') : text
}
