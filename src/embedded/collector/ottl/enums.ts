import { table } from '../../../util/table.ts'

const SEVERITIES = ['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL']

/** The names that OTTL knows for OTLP's numbers. */
export const ENUMS: Record<string, bigint> = table(
  Object.fromEntries([
    ...['UNSPECIFIED', 'INTERNAL', 'SERVER', 'CLIENT', 'PRODUCER', 'CONSUMER'].map((n, i) => [
      `SPAN_KIND_${n}`,
      BigInt(i),
    ]),
    ...['UNSET', 'OK', 'ERROR'].map((n, i) => [`STATUS_CODE_${n}`, BigInt(i)]),
    ...['UNSPECIFIED', 'DELTA', 'CUMULATIVE'].map((n, i) => [`AGGREGATION_TEMPORALITY_${n}`, BigInt(i)]),
    ...['NONE', 'GAUGE', 'SUM', 'HISTOGRAM', 'EXPONENTIAL_HISTOGRAM', 'SUMMARY'].map((n, i) => [
      `METRIC_DATA_TYPE_${n}`,
      BigInt(i),
    ]),
    ['SEVERITY_NUMBER_UNSPECIFIED', 0n],
    ...SEVERITIES.flatMap((name, i) =>
      [1, 2, 3, 4].map((n) => [`SEVERITY_NUMBER_${name}${n === 1 ? '' : n}`, BigInt(i * 4 + n)]),
    ),
  ]),
)
