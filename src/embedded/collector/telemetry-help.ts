import { table } from '../../util/table.ts'

const ITEMS = { spans: 'spans', metric_points: 'metric points', log_records: 'log records' }

/** Texts of the metrics that there are for each kind of item. */
function forItems(name: (items: string) => string, help: (words: string) => string): Record<string, string> {
  return Object.fromEntries(Object.entries(ITEMS).map(([items, words]) => [name(items), help(words)]))
}

/** What the page says of each metric. */
export const HELP: Record<string, string> = table({
  ...forItems(
    (items) => `otelcol_receiver_accepted_${items}`,
    (words) => `Number of ${words} successfully pushed into the pipeline. [Alpha]`,
  ),
  ...forItems(
    (items) => `otelcol_receiver_refused_${items}`,
    (words) => `Number of ${words} that could not be pushed into the pipeline. [Alpha]`,
  ),
  ...forItems(
    (items) => `otelcol_receiver_failed_${items}`,
    (words) => `The number of ${words} that failed to be processed by the receiver due to internal errors. [Alpha]`,
  ),
  ...forItems(
    (items) => `otelcol_exporter_sent_${items}`,
    (words) => `Number of ${words.replace('records', 'record')} successfully sent to destination. [Alpha]`,
  ),
  ...forItems(
    (items) => `otelcol_exporter_send_failed_${items}`,
    (words) => `Number of ${words} in failed attempts to send to destination. [Alpha]`,
  ),
  ...forItems(
    (items) => `otelcol_exporter_enqueue_failed_${items}`,
    (words) => `Number of ${words} failed to be added to the sending queue. [Alpha]`,
  ),
  ...forItems(
    (items) => `otelcol_processor_memory_limiter_accepted_${items}`,
    (words) => `Number of ${words} successfully pushed into the next component in the pipeline. [Alpha]`,
  ),
  ...forItems(
    (items) => `otelcol_processor_memory_limiter_refused_${items}`,
    (words) => `Number of ${words} that were rejected by the next component in the pipeline. [Alpha]`,
  ),
  otelcol_exporter_in_flight_requests:
    'Number of export requests currently in-flight (including retry backoff). [Development]',
  otelcol_exporter_queue_size: 'Current size of the retry queue (in batches). [Alpha]',
  otelcol_exporter_queue_capacity: 'Fixed capacity of the retry queue (in batches). [Alpha]',
  otelcol_processor_incoming_items: 'Number of items passed to the processor. [Alpha]',
  otelcol_processor_outgoing_items: 'Number of items emitted from the processor. [Alpha]',
  otelcol_processor_batch_batch_send_size: 'Number of units in the batch [Development]',
  otelcol_processor_batch_batch_size_trigger_send:
    'Number of times the batch was sent due to a size trigger [Development]',
  otelcol_processor_batch_timeout_trigger_send:
    'Number of times the batch was sent due to a timeout trigger [Development]',
  otelcol_processor_batch_metadata_cardinality:
    'Number of distinct metadata value combinations being processed [Development]',
  otelcol_processor_filter_spans_filtered: 'Number of spans dropped by the filter processor [Development]',
  otelcol_processor_filter_datapoints_filtered:
    'Number of metric data points dropped by the filter processor [Development]',
  otelcol_processor_filter_logs_filtered: 'Number of log records dropped by the filter processor [Development]',
  otelcol_processor_probabilistic_sampler_count_traces_sampled:
    'Count of traces that were sampled or not [Development]',
  otelcol_processor_probabilistic_sampler_count_logs_sampled: 'Count of logs that were sampled or not [Development]',
  otelcol_processor_tail_sampling_count_traces_sampled:
    'Count of traces that were sampled or not per sampling policy [Development]',
  otelcol_processor_tail_sampling_early_releases_from_cache_decision:
    'Number of spans that were able to be immediately released due to a decision cache hit. [Development]',
  otelcol_processor_tail_sampling_global_count_traces_sampled:
    'Global count of traces that were sampled or not by at least one policy [Development]',
  otelcol_processor_tail_sampling_new_trace_id_received: 'Counts the arrival of new traces [Development]',
  otelcol_processor_tail_sampling_sampling_decision_timer_latency:
    'Latency (in milliseconds) of each run of the sampling decision timer [Development]',
  otelcol_processor_tail_sampling_sampling_late_span_age:
    'Time (in seconds) from the sampling decision was taken and the arrival of a late span [Development]',
  otelcol_processor_tail_sampling_sampling_policy_evaluation_error:
    'Count of sampling policy evaluation errors [Development]',
  otelcol_processor_tail_sampling_sampling_policy_execution_count:
    'Total number of executions of a specific sampling policy [Development]',
  otelcol_processor_tail_sampling_sampling_policy_execution_time_sum:
    'Total time spent (in microseconds) executing a specific sampling policy [Development]',
  otelcol_processor_tail_sampling_sampling_trace_dropped_too_early:
    'Count of traces that needed to be dropped before the configured wait time [Development]',
  otelcol_processor_tail_sampling_sampling_trace_removal_age:
    'Time (in seconds) from arrival of a new trace until its removal from memory [Development]',
  otelcol_processor_tail_sampling_sampling_traces_on_memory:
    'Tracks the number of traces current on memory [Development]',
  otelcol_processor_tail_sampling_traces_dropped_too_large:
    'Count of traces that were dropped because they were too large [Development]',
  otelcol_loadbalancer_backend_outcome: 'Number of successes and failures for each endpoint. [Development]',
  otelcol_loadbalancer_num_backends: 'Current number of backends in use. [Development]',
  otelcol_process_uptime: 'Uptime of the process [Alpha]',
  otelcol_process_cpu_seconds: 'Total CPU user and system time in seconds [Alpha]',
  otelcol_process_memory_rss: 'Total physical memory (resident set size) [Alpha]',
  otelcol_process_runtime_heap_alloc_bytes: "Bytes of allocated heap objects (here: V8's heap in use) [Alpha]",
  otelcol_process_runtime_total_sys_memory_bytes:
    "Total bytes of memory obtained from the OS (here: V8's heap) [Alpha]",
  target_info: 'Target metadata',
})
