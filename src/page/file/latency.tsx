import { useMemo } from 'preact/hooks'
import type { Exemplar, LatencyFile } from '../../page-server/answers.ts'
import { Fields } from '../details/fields.tsx'
import { Chart } from '../metric/chart.tsx'
import { Axis } from '../parts/axis.tsx'
import { useRoute } from '../state/navigation.ts'
import { layoutTrace } from '../trace/layout.ts'
import { ROW_HEIGHT } from '../trace/list.tsx'
import { Waterfall } from '../trace/waterfall.tsx'

/** Each door: its samples as dots over time, and its hops as a waterfall. */
export function LatencyView({ latency }: { latency: LatencyFile }) {
  const { title, lead, heads, rows, doors } = latency
  return (
    <div class="file">
      <h1>{title}</h1>
      <p class="lead">{lead}</p>
      <div class="wide">
        <table class="figures">
          <thead>
            <tr>
              {heads.map((head, i) => (
                <th key={head} scope="col" class={i > 0 ? 'num' : ''}>
                  {head}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map(({ door, cells }) => (
              <tr key={door}>
                <th scope="row">{door}</th>
                {cells.map((cell, i) => (
                  <td key={heads[i + 1]} class="num" data-head={heads[i + 1]}>
                    {cell}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {doors.map((door) => (
        <Door key={door.title} door={door} />
      ))}
    </div>
  )
}

function Door({ door: { title, samples, trace, findings } }: { door: LatencyFile['doors'][number] }) {
  const route = useRoute()
  const layout = useMemo(() => layoutTrace(trace), [trace])
  const length = layout.length || 1
  const span = { start: trace.start - length * 0.01, end: trace.start + length * 1.02 }
  const times = samples.map(({ at }) => at)
  const edge = Math.max(500, (Math.max(...times) - Math.min(...times)) * 0.03)
  const range = { start: Math.min(...times) - edge, end: Math.max(...times) + edge }
  const dots = useMemo(
    () =>
      samples.map(
        ({ at, ms, what }): Exemplar => ({ series: {}, labels: { trace_id: what }, time: at, value: ms / 1000 }),
      ),
    [samples],
  )
  const chosen = route.span === undefined ? undefined : layout.byId.get(route.span)
  return (
    <section>
      <h2>{title}</h2>
      {findings.map((said) => (
        <p key={said} class="finding">
          {said}
        </p>
      ))}
      <Chart
        range={range}
        focus={range}
        series={[]}
        colours={[]}
        stepMs={1}
        exemplars={dots}
        onAxis
        unit="s"
        perSecond={false}
        stepped={false}
        chosen={undefined}
        onChoose={() => {}}
        onHover={() => {}}
        onRange={() => {}}
      />
      <Axis range={range} />
      <div class="hops" style={{ height: `${layout.rows.length * ROW_HEIGHT + 4}px` }}>
        <Waterfall trace={trace} layout={layout} range={span} lines={[]} route={route} />
      </div>
      <Axis range={span} origin={trace.start} />
      {chosen && <Fields title={chosen.span.name} values={chosen.span.attributes} />}
    </section>
  )
}
