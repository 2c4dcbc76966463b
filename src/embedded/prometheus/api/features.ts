import { SIGNATURES } from '../promql/functions/signatures.ts'

const on = (names: string) => Object.fromEntries(names.split(' ').map((name) => [name, true]))
const off = (names: string) => Object.fromEntries(names.split(' ').map((name) => [name, false]))

/** What /api/v1/features says: what Prometheus has without feature flags, and of that what is here. */
export function features(): Record<string, Record<string, boolean>> {
  return {
    api: {
      ...on('label_values_match lifecycle query_warnings remote_write_receiver time_range_labels time_range_series'),
      ...off('admin otlp_write_receiver query_stats search exclude_alerts'),
    },
    promql: {
      ...on('at_modifier bool by group_left group_right ignoring negative_offset offset on subqueries without'),
      ...on('per_query_lookback_delta'),
      ...off('anchored delayed_name_removal duration_expr fill per_step_stats smoothed type_and_unit_labels'),
    },
    promql_functions: Object.fromEntries([...SIGNATURES].map(([name, { experimental }]) => [name, !experimental])),
    promql_operators: {
      ...on('!= !~ % * + - / < <= == =~ > >= ^ and atan2 or unless'),
      ...on('avg bottomk count count_values group max min quantile stddev stdvar sum topk'),
      ...off('limit_ratio limitk'),
    },
    prometheus: { ...on('server_mode'), ...off('agent_mode auto_reload_config') },
    scrape: { ...on('start_timestamp_zero_ingestion'), ...off('extra_scrape_metrics type_and_unit_labels') },
    tsdb: { ...on('exemplar_storage'), ...off('native_histograms') },
    ui: off('ui_v2 ui_v3'),
  }
}
