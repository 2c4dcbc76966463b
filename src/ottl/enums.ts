import { table } from '../util/table.ts'

type Symbols = Record<string, bigint>

const SEVERITIES = ['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL']

const numbered = (prefix: string, names: string[]): Symbols =>
  Object.fromEntries(names.map((name, i) => [`${prefix}_${name}`, BigInt(i)]))

const SPAN: Symbols = table({
  ...numbered('SPAN_KIND', ['UNSPECIFIED', 'INTERNAL', 'SERVER', 'CLIENT', 'PRODUCER', 'CONSUMER']),
  ...numbered('STATUS_CODE', ['UNSET', 'OK', 'ERROR']),
})
const LOG: Symbols = table({
  SEVERITY_NUMBER_UNSPECIFIED: 0n,
  ...Object.fromEntries(
    SEVERITIES.flatMap((name, i) =>
      [1, 2, 3, 4].map((n) => [`SEVERITY_NUMBER_${name}${n === 1 ? '' : n}`, BigInt(i * 4 + n)] as const),
    ),
  ),
})
const METRIC: Symbols = table({
  ...numbered('AGGREGATION_TEMPORALITY', ['UNSPECIFIED', 'DELTA', 'CUMULATIVE']),
  ...numbered('METRIC_DATA_TYPE', ['NONE', 'GAUGE', 'SUM', 'HISTOGRAM', 'EXPONENTIAL_HISTOGRAM', 'SUMMARY']),
})

/** The names that OTTL knows for OTLP's numbers, by context. */
export const ENUMS: Record<string, Symbols> = table({
  span: SPAN,
  spanevent: SPAN,
  log: LOG,
  metric: METRIC,
  datapoint: table({ ...METRIC, FLAG_NONE: 0n, FLAG_NO_RECORDED_VALUE: 1n }),
})
