/** The languages' functions and keywords, as far as one types them. */
export const PROMQL_WORDS =
  'rate increase irate delta idelta deriv changes resets sum avg min max count stddev stdvar topk bottomk quantile count_values group by without on ignoring group_left group_right offset bool and or unless histogram_quantile abs absent absent_over_time avg_over_time min_over_time max_over_time sum_over_time count_over_time quantile_over_time last_over_time present_over_time ceil floor round clamp clamp_min clamp_max day_of_week hour minute month year label_replace label_join predict_linear ln log2 log10 exp sqrt scalar vector sort sort_desc time timestamp'.split(
    ' ',
  )

export const LOGQL_WORDS =
  'json logfmt pattern regexp unpack unwrap line_format label_format decolorize keep drop rate count_over_time bytes_over_time bytes_rate sum_over_time avg_over_time min_over_time max_over_time quantile_over_time first_over_time last_over_time absent_over_time sum avg min max count topk bottomk sort sort_desc by without detected_level trace_id span_id level'.split(
    ' ',
  )

export const TRACEQL_WORDS =
  'select by count avg min max sum coalesce rate count_over_time quantile_over_time histogram_over_time min_over_time max_over_time avg_over_time sum_over_time compare topk bottomk with'.split(
    ' ',
  )
