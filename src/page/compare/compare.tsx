import { useMemo } from 'preact/hooks'
import type { LogsAnswer, RunAnswer, SeriesAnswer, TracesAnswer } from '../../page-server/answers.ts'
import { showLine } from '../logs/line.ts'
import { Said } from '../parts/said.tsx'
import { urlOf, useAnswer } from '../state/answers.ts'
import { go } from '../state/navigation.ts'
import type { Route } from '../state/route.ts'
import { clock, duration } from '../time/format.ts'
import { quoted, rangeOfRun, selectorsOf } from '../walk/queries.ts'
import { chosenRun, isArriving, POLL_MS } from '../walk/story.ts'
import { type Compared, compareLines, compareMetrics, compareTraces } from './numbers.ts'

interface Props {
  route: Route
  runs: readonly RunAnswer[]
  scrapeMs: number
  now: number
}

/** So many are looked at; where there are more, it is said. */
const [MOST_TRACES, MOST_LINES] = [500, 5000]

/** Two runs side by side: what they counted, how long they took, what they said. */
export function Compare({ route, runs, scrapeMs, now }: Props) {
  const one = chosenRun(route, runs)
  const other = runs.find(({ id }) => id === route.vs)
  const left = useRun(one, scrapeMs, now)
  const right = useRun(other, scrapeMs, now)
  const sections = useMemo(
    () => [
      { title: 'Metrics', language: 'last values', rows: compareMetrics(left.series, right.series) },
      {
        title: 'Traces',
        language:
          Math.max(left.traces.length, right.traces.length) >= MOST_TRACES
            ? `by their roots; of ${MOST_TRACES} at most`
            : 'by their roots',
        rows: compareTraces(left.traces, right.traces),
      },
      {
        title: 'Logs',
        language:
          left.more || right.more
            ? `lines by what they say; of the newest ${MOST_LINES.toLocaleString('en')}`
            : 'lines by what they say',
        rows: compareLines(left.lines, right.lines),
      },
    ],
    [left.key, right.key],
  )
  if (!one || !other)
    return (
      <Said title="There are no two runs to compare">
        <button type="button" onClick={() => go({ vs: undefined })}>
          back to one
        </button>
      </Said>
    )
  const fault = left.fault ?? right.fault
  return (
    <div class="topology compare">
      {fault && <p class="problem">{fault.message}</p>}
      <h2 class="hidden">Two runs side by side</h2>
      <table>
        <thead>
          <tr>
            <th scope="col">
              <button type="button" class="toggle" onClick={() => go({ vs: undefined })}>
                back to one run
              </button>
            </th>
            {[one, other].map((run) => (
              <th key={run.id} scope="col">
                {run.name} <span class="dim">{clock(run.startedAt)}</span>
                <br />
                <button type="button" class="quiet" onClick={() => go({ run: run.id, vs: undefined })}>
                  look at it
                </button>
              </th>
            ))}
            <th scope="col">change</th>
          </tr>
        </thead>
        <tbody>
          <Line row={{ name: 'took', values: [lengthOf(one), lengthOf(other)], shown: duration }} />
          <Line row={{ name: 'exit code', values: [one.exitCode, other.exitCode], shown: String }} counts={false} />
        </tbody>
        {sections.map(({ title, language, rows }) => (
          <tbody key={title}>
            <tr>
              <th scope="rowgroup" colSpan={4}>
                {title} <span class="dim">{language}</span>
              </th>
            </tr>
            {rows.map((row) => (
              <Line key={row.name} row={row} />
            ))}
          </tbody>
        ))}
      </table>
    </div>
  )
}

const lengthOf = ({ startedAt, endedAt }: RunAnswer) => (endedAt === undefined ? undefined : endedAt - startedAt)

/** `counts`: it is an amount, so that more and less mean something. */
function Line({ row: { name, values, shown }, counts = true }: { row: Compared; counts?: boolean }) {
  const [one, other] = values
  const most = Math.max(Math.abs(one ?? 0), Math.abs(other ?? 0)) || 1
  const differs = one !== other
  const change = !counts
    ? ''
    : one === undefined || other === undefined
      ? 'only in one'
      : differs && !Number.isNaN(other - one)
        ? `${other > one ? '+' : '−'}${shown(Math.abs(other - one))}`
        : ''
  return (
    <tr class={differs ? 'differs' : ''}>
      <th scope="row">{name}</th>
      {[one, other].map((value, i) => (
        <td key={i === 0 ? 'one' : 'other'}>
          <span class="num">{value === undefined ? '–' : shown(value)}</span>
          {counts && <i class={`amount amount-${i}`} style={{ width: `${(Math.abs(value ?? 0) / most) * 100}%` }} />}
        </td>
      ))}
      <td class="num">{change}</td>
    </tr>
  )
}

function useRun(run: RunAnswer | undefined, scrapeMs: number, now: number) {
  const range = run && rangeOfRun(run, scrapeMs, Math.ceil(now / 5000) * 5000)
  const selectors = selectorsOf(run?.id)
  const everyMs = run && isArriving(run, scrapeMs, now) ? POLL_MS : undefined
  const series = useAnswer<SeriesAnswer>(
    run &&
      range &&
      urlOf('/api/metrics/range', {
        query: `{instance=${quoted(run.id)}, __name__!~".*_bucket|target_info"}`,
        // Only the last values count, and the last step must be the range's end.
        start: range.end - Math.ceil((range.end - range.start) / scrapeMs) * scrapeMs,
        end: range.end,
        step: scrapeMs,
      }),
    everyMs,
    `series ${run?.id}`,
  )
  const traces = useAnswer<TracesAnswer>(
    range && urlOf('/api/traces', { query: selectors.tempo, ...range, limit: MOST_TRACES }),
    everyMs,
    `traces ${run?.id}`,
  )
  const logs = useAnswer<LogsAnswer>(
    range && urlOf('/api/logs', { query: selectors.loki, ...range, limit: MOST_LINES }),
    everyMs,
    `logs ${run?.id}`,
  )
  return useMemo(
    () => ({
      key: {},
      series: series.data?.series ?? [],
      traces: traces.data?.traces ?? [],
      fault: series.fault ?? traces.fault ?? logs.fault,
      more: logs.data?.more === true,
      lines: (logs.data?.lines ?? []).map((line) => showLine(line, logs.data?.streams[line.stream] ?? {})),
    }),
    [series.data, traces.data, logs.data, series.fault, traces.fault, logs.fault],
  )
}
