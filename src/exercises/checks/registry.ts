import type { Check } from '../context.ts'
import { answerDelay } from './answer-delay.ts'
import { answerDuration } from './answer-duration.ts'
import { answerFailure } from './answer-failure.ts'
import { answerMoment } from './answer-moment.ts'
import { collectorOutput } from './collector-output.ts'
import { errorLog } from './error-log.ts'
import { failedMetric } from './failed-metric.ts'
import { failingSpan } from './failing-span.ts'
import { metricExemplar } from './metric-exemplar.ts'
import { tempoTrace } from './tempo-trace.ts'

/** By the names that exercise.yaml uses. */
export const CHECKS: Readonly<Record<string, Check>> = {
  'answer-delay': answerDelay,
  'answer-duration': answerDuration,
  'answer-failure': answerFailure,
  'answer-moment': answerMoment,
  'collector-output': collectorOutput,
  'error-log': errorLog,
  'failed-metric': failedMetric,
  'failing-span': failingSpan,
  'metric-exemplar': metricExemplar,
  'tempo-trace': tempoTrace,
}
