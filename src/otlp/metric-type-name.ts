import type { Metric, MetricData } from './types.ts'

/** pmetric.MetricType's names. */
const NAMES: Record<MetricData['type'], string> = {
  none: 'Empty',
  gauge: 'Gauge',
  sum: 'Sum',
  histogram: 'Histogram',
  exponentialHistogram: 'ExponentialHistogram',
  summary: 'Summary',
}

export const metricTypeName = ({ data }: Pick<Metric, 'data'>): string => NAMES[data.type]
