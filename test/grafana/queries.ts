/** The panels' queries: Grafana fills in `$service`, `$__interval` and `$__range`. */

const OF_SERVICE = '{job=~"(.*/)?$service"}'
const FILES = `neuro_files_processed_total${OF_SERVICE}`
const FAILED_FILES = 'neuro_files_processed_total{job=~"(.*/)?$service", status!="success"}'

/**
 * What came within each interval. A short run's counter is born at its final value, which rate() and increase() take for
 * no growth at all; here a series counts from nothing.
 */
const came = (by: string, series: string) => {
  const now = `max_over_time(${series}[$__interval])`
  const before = `max_over_time(${series}[$__interval] offset $__interval)`
  return `sum${by} (clamp_min(${now} - (${before} or ${now} * 0), 0))`
}

/** The sum of what each series came to within the dashboard's range. */
const total = (by: string, series: string) => `sum${by} (max_over_time(${series}[$__range]))`

/** The collector's own counters, with the suffix of later versions and without it. */
const own = (name: string) => `{__name__=~"${name}(_total)?"}`

const BUCKETS = `neuro_process_duration_seconds_bucket${OF_SERVICE}`
const spans = (rest: string) => `traces_spanmetrics_calls_total{service="$service"${rest}}`

export const QUERIES = {
  files: total(' by (status)', FILES),
  failedShare: `${total('', FAILED_FILES)} / (${total('', FILES)} > 0)`,
  newFiles: came(' by (status)', FILES),
  /** Over the whole range, so that an interval without files is no NaN. */
  duration: (quantile: number) => `histogram_quantile(${quantile}, ${total(' by (le)', BUCKETS)})`,
  steps: {
    count: total(' by (span_name)', spans('')),
    failed: `${total(' by (span_name)', spans(', status_code="STATUS_CODE_ERROR"'))} or ${total(' by (span_name)', spans(''))} * 0`,
    p95: `histogram_quantile(0.95, ${total(' by (span_name, le)', 'traces_spanmetrics_latency_bucket{service="$service"}')})`,
  },
  traces: '{resource.service.name="$service"}',
  /** Lines of another program, that are no JSON, stay as they are. */
  logs: '{service_name="$service"} | json message="message", file="file_path", step="step" | drop __error__, __error_details__ | line_format "{{ if .message }}{{ .message }}  {{ .file }}  {{ .step }}{{ else }}{{ __line__ }}{{ end }}"',
  accepted: (signal: string) => came('', own(`otelcol_receiver_accepted_${signal}`)),
  /** By exporter: a second one beside the first doubles what is sent, and hides what is lost. */
  sent: (signal: string) => came(' by (exporter)', own(`otelcol_exporter_sent_${signal}`)),
  lost: (signal: string) =>
    ['receiver_refused', 'exporter_send_failed', 'exporter_enqueue_failed']
      .map((what) => `(${came('', own(`otelcol_${what}_${signal}`))} or vector(0))`)
      .join(' + '),
  filtered: `${came('', '{__name__=~"otelcol_processor_filter_spans[._]filtered(_total)?"}')} or vector(0)`,
  queue: 'max by (exporter) (otelcol_exporter_queue_size) / max by (exporter) (otelcol_exporter_queue_capacity)',
  memory: 'sum({__name__=~"otelcol_process_memory_rss(_bytes)?"})',
  heap: 'sum({__name__=~"otelcol_process_runtime_heap_alloc_bytes"})',
  scrapes: 'up{job=~"otel-collector.*"}',
} as const
