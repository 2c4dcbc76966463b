import * as common from '@grafana/grafana-foundation-sdk/common'
import * as dashboard from '@grafana/grafana-foundation-sdk/dashboard'
import * as logs from '@grafana/grafana-foundation-sdk/logs'
import * as loki from '@grafana/grafana-foundation-sdk/loki'
import * as prometheus from '@grafana/grafana-foundation-sdk/prometheus'
import * as stat from '@grafana/grafana-foundation-sdk/stat'
import * as table from '@grafana/grafana-foundation-sdk/table'
import * as tempo from '@grafana/grafana-foundation-sdk/tempo'
import * as timeseries from '@grafana/grafana-foundation-sdk/timeseries'
import { QUERIES } from './queries.ts'

const source = (type: 'prometheus' | 'tempo' | 'loki') => ({ type, uid: type })

const query = (refId: string, expr: string, legend: string) =>
  new prometheus.DataqueryBuilder()
    .refId(refId)
    .datasource(source('prometheus'))
    .expr(expr)
    .legendFormat(legend)
    .range()
const atOnce = (refId: string, expr: string, legend: string) => query(refId, expr, legend).instant()

const legend = () =>
  new common.VizLegendOptionsBuilder()
    .displayMode(common.LegendDisplayMode.List)
    .placement(common.LegendPlacement.Bottom)
    .showLegend(true)

function chart(title: string, about: string, width: number, height = 8) {
  return new timeseries.PanelBuilder()
    .title(title)
    .description(about)
    .datasource(source('prometheus'))
    .span(width)
    .height(height)
    .lineWidth(1)
    .fillOpacity(10)
    .showPoints(common.VisibilityMode.Auto)
    .legend(legend())
    .tooltip(
      new common.VizTooltipOptionsBuilder().mode(common.TooltipDisplayMode.Multi).sort(common.SortOrder.Descending),
    )
}

/** What came in each interval, as bars: their heights add up to the whole. */
const bars = (title: string, about: string, width: number) =>
  chart(title, about, width)
    .interval('1m')
    .min(0)
    .decimals(0)
    .drawStyle(common.GraphDrawStyle.Bars)
    .fillOpacity(60)
    .noValue('nothing came')

const number = (title: string, about: string) =>
  new stat.PanelBuilder()
    .title(title)
    .description(about)
    .datasource(source('prometheus'))
    .span(4)
    .height(8)
    .graphMode(common.BigValueGraphMode.None)
    .textMode(common.BigValueTextMode.ValueAndName)
    .reduceOptions(new common.ReduceDataOptionsBuilder().calcs(['lastNotNull']).values(false).fields(''))
    .noValue('none yet')

const stepsTable = () =>
  new table.PanelBuilder()
    .title('Steps')
    .description(
      'How often each step ran, how often it failed, and how long it took: from the spans, as Tempo counts them. A service map needs programs that call each other; it is in Explore, Tempo, Service Graph.',
    )
    .datasource(source('prometheus'))
    .span(8)
    .height(10)
    .withTarget(atOnce('A', QUERIES.steps.count, 'ran').format(prometheus.PromQueryFormat.Table))
    .withTarget(atOnce('B', QUERIES.steps.failed, 'failed').format(prometheus.PromQueryFormat.Table))
    .withTarget(atOnce('C', QUERIES.steps.p95, 'p95').format(prometheus.PromQueryFormat.Table))
    .withTransformation({ id: 'joinByField', options: { byField: 'span_name', mode: 'outer' } })
    .withTransformation({
      id: 'organize',
      options: {
        excludeByName: { Time: true, 'Time 1': true, 'Time 2': true, 'Time 3': true },
        renameByName: { span_name: 'step', 'Value #A': 'ran', 'Value #B': 'failed', 'Value #C': 'p95' },
      },
    })
    .overrideByName('p95', [{ id: 'unit', value: 's' }])

function throughCollector(title: string, signal: string, about: string) {
  const panel = bars(title, about, 8)
    .withTarget(query('A', QUERIES.accepted(signal), 'accepted'))
    .withTarget(query('B', QUERIES.sent(signal), 'sent by {{exporter}}'))
    .withTarget(query('C', QUERIES.lost(signal), 'refused or lost'))
  return signal === 'spans' ? panel.withTarget(query('D', QUERIES.filtered, 'filtered')) : panel
}

/** The lab's dashboard, as Grafana stores it. */
export function buildDashboard(): dashboard.Dashboard {
  return new dashboard.DashboardBuilder('otel-lab')
    .uid('otel-lab')
    .description('The observed program, its traces and logs beside its metrics, and the collector that carries them.')
    .tags(['otel-lab'])
    .editable()
    .tooltip(dashboard.DashboardCursorSync.Crosshair)
    .refresh('5s')
    .time({ from: 'now-15m', to: 'now' })
    .timezone('browser')
    .timepicker(new dashboard.TimePickerBuilder().refreshIntervals(['1s', '5s', '15s', '1m']))
    .withVariable(
      new dashboard.QueryVariableBuilder('service')
        .label('Service')
        .datasource(source('loki'))
        .query({ label: 'service_name', refId: 'service', stream: '', type: 1 })
        .current({ selected: false, text: 'neuro-preprocess', value: 'neuro-preprocess' })
        .refresh(dashboard.VariableRefresh.OnTimeRangeChanged)
        .sort(dashboard.VariableSort.AlphabeticalAsc)
        .includeAll(false)
        .multi(false),
    )
    .withRow(new dashboard.RowBuilder('The program'))
    .withPanel(
      number('Files', 'All files of all runs in this range, by how they ended.').withTarget(
        atOnce('A', QUERIES.files, '{{status}}'),
      ),
    )
    .withPanel(
      number('Failed', 'Which part of the files of this range failed.')
        .unit('percentunit')
        .withTarget(atOnce('A', QUERIES.failedShare, 'failed')),
    )
    .withPanel(
      bars(
        'New files',
        'How many files were done in each minute, by how they ended. They add up to all files.',
        8,
      ).withTarget(query('A', QUERIES.newFiles, '{{status}}')),
    )
    .withPanel(
      chart(
        'Duration of a file',
        'p50 and p95 of the files in the range before. The diamonds are exemplars: single files, each with its trace one click away.',
        8,
      )
        .unit('s')
        .withTarget(query('A', QUERIES.duration(0.5), 'p50'))
        .withTarget(query('B', QUERIES.duration(0.95), 'p95').exemplar(true)),
    )
    .withPanel(
      new table.PanelBuilder()
        .title('Traces')
        .description('The newest runs; an id opens its waterfall.')
        .datasource(source('tempo'))
        .span(8)
        .height(10)
        .withTarget(
          new tempo.DataqueryBuilder()
            .refId('A')
            .datasource(source('tempo'))
            .queryType('traceql')
            .query(QUERIES.traces)
            .limit(20)
            .tableType(tempo.SearchTableType.Traces),
        ),
    )
    .withPanel(stepsTable())
    .withPanel(
      new logs.PanelBuilder()
        .title('Logs')
        .description('What the program logged. A line opens with all that came with it; its trace is one click away.')
        .datasource(source('loki'))
        .span(8)
        .height(10)
        .showTime(true)
        .wrapLogMessage(true)
        .enableLogDetails(true)
        .sortOrder(common.LogsSortOrder.Descending)
        .withTarget(
          new loki.DataqueryBuilder()
            .refId('A')
            .datasource(source('loki'))
            .expr(QUERIES.logs)
            .queryType('range')
            .maxLines(200),
        ),
    )
    .withRow(new dashboard.RowBuilder('The collector itself'))
    .withPanel(
      throughCollector(
        'Spans',
        'spans',
        'What came in, and what each exporter sent on, in each minute. An exporter that sends less than came in, and was not filtered, holds it back or loses it.',
      ),
    )
    .withPanel(throughCollector('Metric points', 'metric_points', 'The same for metrics.'))
    .withPanel(throughCollector('Log records', 'log_records', 'The same for logs.'))
    .withPanel(
      chart(
        'Queue',
        'How full the queue of each exporter is. One that grows has a backend that does not keep up.',
        8,
        7,
      )
        .unit('percentunit')
        .min(0)
        .axisSoftMax(0.1)
        .withTarget(query('A', QUERIES.queue, '{{exporter}}')),
    )
    .withPanel(
      chart('Memory', "The collector's own, beside which memory_limiter begins to refuse.", 8, 7)
        .unit('bytes')
        .min(0)
        .withTarget(query('A', QUERIES.memory, 'resident'))
        .withTarget(query('B', QUERIES.heap, 'heap')),
    )
    .withPanel(
      chart('Scrapes', '1 when Prometheus could fetch the page, 0 when it could not.', 8, 7)
        .min(0)
        .max(1)
        .decimals(0)
        .withTarget(query('A', QUERIES.scrapes, '{{job}}')),
    )
    .build()
}
