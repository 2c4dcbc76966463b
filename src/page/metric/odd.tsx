import type { Series } from '../../page-server/answers.ts'
import { Said } from '../parts/said.tsx'

/** `12 NaN, 3 +Inf`: values that have no place on an axis; undefined where all have. */
export function oddOf(series: readonly Series[]): string | undefined {
  const counts: Record<string, number> = {}
  for (const { odd = {} } of series)
    for (const [name, count] of Object.entries(odd)) counts[name] = (counts[name] ?? 0) + count
  const said = Object.entries(counts).map(([name, count]) => `${count.toLocaleString('en')} ${name}`)
  return said.length > 0 ? said.join(', ') : undefined
}

export const isAllOdd = (series: readonly Series[]) =>
  series.length > 0 && series.every(({ values }) => values.every((value) => value === null))

/** In the chart's place, when there are values and none can be drawn. */
export function OddSaid({ odd }: { odd: string }) {
  return (
    <Said title={`No value can be drawn: ${odd}`}>
      <p>
        NaN comes of 0 / 0: a quantile, an average or a ratio over a window in which nothing was counted. +Inf comes of
        a division by 0, or of a quantile of a histogram with no other bucket.
      </p>
      <p>
        Ask for the part below the line first, or for a longer window: <code class="command">[5m]</code>
      </p>
    </Said>
  )
}
