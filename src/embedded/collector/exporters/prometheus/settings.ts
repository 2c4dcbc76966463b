import type { Logger } from '../../logger.ts'
import { type LabelNaming, labelName } from './label-name.ts'
import type { MetricNaming } from './metric-name.ts'

export interface GatherSettings {
  metrics: MetricNaming
  labels: LabelNaming
  /** As it stands before target_info. */
  namespace: string
  constLabels: Record<string, string>
  sendTimestamps: boolean
  withoutScopeInfo: boolean
}

// biome-ignore lint/suspicious/noExplicitAny: the schema has checked it
export function settingsOf(s: any, logger: Logger): GatherSettings {
  const strategy: string = s.translation_strategy
  const withSuffixes = strategy === '' ? s.add_metric_suffixes : strategy.endsWith('WithSuffixes')
  const utf8Allowed = strategy.startsWith('No')
  const labels = { utf8Allowed, preserveMultipleUnderscores: true }
  return {
    metrics: { namespace: s.namespace, withSuffixes, utf8Allowed },
    labels,
    namespace: namespaceOf(s.namespace, labels, logger),
    constLabels: s.const_labels,
    sendTimestamps: s.send_timestamps,
    withoutScopeInfo: s.without_scope_info,
  }
}

function namespaceOf(namespace: string, labels: GatherSettings['labels'], logger: Logger): string {
  if (namespace === '') return ''
  try {
    return labelName(labels, namespace)
  } catch (error) {
    logger.error('failed to build namespace, ignoring', { error: (error as Error).message })
    return ''
  }
}
