import { useMemo, useRef } from 'preact/hooks'
import type { Exemplar, SeriesAnswer } from '../../page-server/answers.ts'
import { Axis } from '../parts/axis.tsx'
import { Band } from '../parts/band.tsx'
import { Advice, FaultSaid, Hint, Said } from '../parts/said.tsx'
import { Way } from '../parts/way.tsx'
import { prefetch, urlOf, useAnswer } from '../state/answers.ts'
import { go } from '../state/navigation.ts'
import type { Route } from '../state/route.ts'
import { unitOf } from '../time/format.ts'
import type { Range } from '../time/scale.ts'
import type { Story } from '../walk/story.ts'
import { tellStep } from '../walk/tell.ts'
import { traceUrl } from '../walk/urls.ts'
import { Chart } from './chart.tsx'
import { heatOf } from './heat.ts'
import { Legend } from './legend.tsx'
import { seriesColours, seriesNames } from './names.ts'
import { isAllOdd, OddSaid, oddOf } from './odd.tsx'

const MODE_NAMES = { value: 'value', total: 'total', rate: 'rate', heat: 'heat map', quantiles: 'p95' } as const
/** So many traces are fetched ahead of a click. */
const AHEAD = 12

interface Props {
  story: Story
  route: Route
  focus: Range
  now: number
}

export function MetricBand({ story, route, focus, now }: Props) {
  const { range, promql, kinds, kind, mode, everyMs, names, scrapeMs } = story
  const own = route.promql !== undefined
  const asHeat = mode === 'heat' && !own
  const step = stepFor(range.end - range.start, asHeat ? scrapeMs : 1000)
  const asked = promql === '' ? undefined : { query: promql, ...range }
  // So that the last step ends where the range does.
  const start = range.end - Math.ceil((range.end - range.start) / step) * step
  const answer = useAnswer<SeriesAnswer>(
    asked &&
      urlOf('/api/metrics/range', { ...asked, start, step, advice: everyMs === undefined || own ? 1 : undefined }),
    everyMs,
    promql,
  )
  const found = useAnswer<Exemplar[]>(asked && urlOf('/api/metrics/exemplars', asked), everyMs, promql)
  const exemplars = found.data ?? NONE
  const series = answer.data?.series ?? NO_SERIES
  const heat = useMemo(() => (asHeat ? heatOf(series, step) : undefined), [series, asHeat, step])
  const labels = useMemo(() => seriesNames(series), [series])
  const colours = useMemo(() => seriesColours(series), [series])
  const odd = useMemo(() => oddOf(series), [series])
  const onAxis = kind?.kind === 'histogram' && (asHeat || mode === 'quantiles') && !own
  const counts = kind?.kind === 'histogram' && mode === 'rate'
  const unit = own ? unitOf(promql) : counts ? '' : unitOf(kind?.base ?? '', kind?.unit)
  const perSecond = (mode === 'rate' && !own) || /^\s*i?rate\(/.test(promql)
  const fetched = useRef('')
  const ahead = exemplars.slice(0, AHEAD).map(traceIdOf).join(' ')
  if (ahead !== fetched.current) {
    fetched.current = ahead
    setTimeout(() => {
      for (const id of ahead.split(' ')) if (id) prefetch(traceUrl(id))
    }, 0)
  }
  const open = (exemplar: Exemplar) => {
    const trace = traceIdOf(exemplar)
    if (!trace) return
    tellStep({ run: story.run?.id ?? route.run, step: 'dot', trace })
    go({ trace, span: undefined, line: undefined, logql: undefined, shape: undefined, other: undefined })
  }
  const tools = (
    <>
      {!own && kind && kind.modes.length > 1 && (
        <fieldset class="choice" aria-label="how the metric is drawn">
          {kind.modes.map((one) => (
            <button
              key={one}
              type="button"
              aria-pressed={one === mode}
              onClick={() => go({ mode: one, metric: kind.base }, 'detail')}
            >
              {MODE_NAMES[one]}
            </button>
          ))}
        </fieldset>
      )}
      <label class="select">
        <span class="hidden">metric</span>
        <select
          value={own ? '' : kind?.base}
          disabled={kinds.length === 0}
          onChange={(event) => go({ metric: event.currentTarget.value, mode: undefined, promql: undefined }, 'detail')}
        >
          {kinds.length === 0 ? (
            <option>no metric yet</option>
          ) : (
            (own || kind === undefined) && <option value="">{own ? 'a query of your own' : 'pick a metric'}</option>
          )}
          {kinds.map(({ base, help }) => (
            <option key={base} value={base} title={help}>
              {base}
            </option>
          ))}
        </select>
      </label>
    </>
  )
  return (
    <Band
      id="metric"
      title="Metric"
      language="PromQL"
      query={promql}
      own={own}
      fault={answer.fault}
      onQuery={(query) => go({ promql: query })}
      tools={tools}
      busy={answer.loading || names.loading}
    >
      <Chart
        range={range}
        focus={focus}
        series={isAllOdd(series) ? NO_SERIES : series}
        colours={colours}
        stepMs={step}
        heat={heat}
        exemplars={exemplars}
        onAxis={onAxis}
        unit={unit}
        perSecond={perSecond}
        stepped={mode === 'total' && !own}
        chosen={route.trace}
        onChoose={open}
        onHover={(exemplar) => exemplar && prefetch(traceUrl(traceIdOf(exemplar)))}
        onRange={({ start, end }) => go({ from: start, to: end })}
      />
      {!asHeat && <Legend labels={labels} colours={colours} odd={isAllOdd(series) ? undefined : odd} />}
      {kind?.help && !own && <p class="about">{kind.help}</p>}
      <Axis range={range} />
      <Unseen
        story={story}
        own={own}
        now={now}
        fault={answer.fault ?? names.fault}
        empty={series.length === 0 && exemplars.length === 0}
        odd={isAllOdd(series) ? odd : undefined}
        loading={answer.loading || names.loading}
        advice={answer.data?.advice}
      />
    </Band>
  )
}

const NONE: Exemplar[] = []
const NO_SERIES: SeriesAnswer['series'] = []

export const traceIdOf = ({ labels }: Exemplar) => labels.trace_id ?? labels.traceID ?? ''

/** Round, and never more than about 600 points. */
function stepFor(length: number, least: number): number {
  return Math.max(least, Math.ceil(length / 600 / 1000) * 1000)
}

interface UnseenProps {
  story: Story
  own: boolean
  now: number
  fault: Parameters<typeof FaultSaid>[0]['fault'] | undefined
  empty: boolean
  /** All that there is, and none of it can be drawn. */
  odd: string | undefined
  loading: boolean
  advice: string | undefined
}

/** Why there is nothing to see: still on its way, refused, or not there. */
function Unseen({ story, own, now, fault, empty, odd, loading, advice }: UnseenProps) {
  const { run, scrapeMs, everyMs, promql } = story
  if (fault) return fault.position === undefined ? <FaultSaid fault={fault} /> : null
  if (odd !== undefined) return <OddSaid odd={odd} />
  if (!empty || loading) return null
  const due = (run?.endedAt ?? now) + scrapeMs + 1_000
  if (run && !own) return <Way run={run} signal="metrics" due={due} now={now} arriving={everyMs !== undefined} />
  if (advice) return <Advice text={advice} />
  return (
    <Said title={run || promql ? 'No series in this time' : 'Nothing has been measured yet'}>
      <Hint text="otel-lab run" />
    </Said>
  )
}
