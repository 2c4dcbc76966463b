import type uPlot from 'uplot'
import type { Labels, Series } from '../../page-server/answers.ts'
import type { Range } from '../time/scale.ts'

/** uPlot wants one list of times for all series; where one has no point there is null. */
export function alignSeries(series: readonly Series[], range: Range): uPlot.AlignedData {
  const times = [...new Set(series.flatMap(({ times }) => times))].sort((a, b) => a - b)
  const seconds = times.map((time) => time / 1000)
  if (series.length === 0)
    return [
      [range.start / 1000, range.end / 1000],
      [null, null],
    ]
  const place = new Map(times.map((time, i) => [time, i]))
  const columns = series.map(({ times, values }) => {
    const column: (number | null)[] = new Array(seconds.length).fill(null)
    times.forEach((time, i) => {
      const value = values[i]!
      column[place.get(time)!] = Number.isFinite(value) ? value : null
    })
    return column
  })
  return [seconds, ...columns]
}

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
