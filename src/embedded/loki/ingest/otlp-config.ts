/** What becomes of an OTLP attribute. */
export type Action = 'index_label' | 'structured_metadata' | 'drop'

export interface AttributeRule {
  action: Action
  matches(key: string): boolean
}

/** limits_config.otlp_config, the defaults of distributor.otlp_config already in front. */
export interface OtlpConfig {
  resource: AttributeRule[]
  scope: AttributeRule[]
  log: AttributeRule[]
  severityTextAsLabel: boolean
}

/** distributor.otlp_config.default_resource_attributes_as_index_labels. */
export const DEFAULT_INDEX_LABELS = [
  'service.name',
  'service.namespace',
  'service.instance.id',
  'deployment.environment',
  'deployment.environment.name',
  'cloud.region',
  'cloud.availability_zone',
  'k8s.cluster.name',
  'k8s.namespace.name',
  'k8s.pod.name',
  'k8s.container.name',
  'container.name',
  'k8s.replicaset.name',
  'k8s.deployment.name',
  'k8s.statefulset.name',
  'k8s.daemonset.name',
  'k8s.cronjob.name',
  'k8s.job.name',
]

export function rule(action: Action, attributes: readonly string[], regex?: RegExp): AttributeRule {
  const names = new Set(attributes)
  return { action, matches: regex === undefined ? (key) => names.has(key) : (key) => regex.test(key) }
}

/** The first rule that matches decides; without one an attribute is structured metadata. */
export function actionFor(key: string, rules: readonly AttributeRule[]): Action {
  for (const { action, matches } of rules) if (matches(key)) return action
  return 'structured_metadata'
}
