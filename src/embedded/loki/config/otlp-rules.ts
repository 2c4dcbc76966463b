import type { ConfigSection } from '../../config.ts'
import { type Action, type AttributeRule, DEFAULT_INDEX_LABELS, type OtlpConfig, rule } from '../ingest/otlp-config.ts'

const ACTIONS: readonly string[] = ['drop', 'index_label', 'structured_metadata']

/** limits_config.otlp_config, and the list of distributor.otlp_config that goes in front of it. */
export function readOtlpConfig(limits: ConfigSection, distributor: ConfigSection): OtlpConfig {
  const key = 'default_resource_attributes_as_index_labels'
  const defaults = distributor.has(key) ? distributor.strings(key) : DEFAULT_INDEX_LABELS
  const resource = limits.section('resource_attributes')
  const ignoreDefaults = resource.boolean('ignore_defaults', false)
  return {
    resource: [
      ...(ignoreDefaults || defaults.length === 0 ? [] : [rule('index_label', defaults)]),
      ...resource.sections('attributes_config').map((section) => readRule(section)),
    ],
    scope: limits.sections('scope_attributes').map((section) => readRule(section, true)),
    log: limits.sections('log_attributes').map((section) => readRule(section)),
    severityTextAsLabel: limits.boolean('severity_text_as_label', false),
  }
}

function readRule(section: ConfigSection, noIndex = false): AttributeRule {
  section.only(['action', 'attributes', 'regex'], 'push.plain')
  const action = section.string('action', 'structured_metadata')
  const attributes = section.strings('attributes')
  const source = section.has('regex') ? section.string('regex', '') : undefined
  if (!ACTIONS.includes(action)) section.fault('action', `unsupported action, it must be one of: ${ACTIONS.join(', ')}`)
  if (noIndex && action === 'index_label') {
    section.fault('action', 'index_label action is only supported for resource_attributes')
  }
  if (attributes.length === 0 && source === undefined) section.fault(undefined, 'attributes or regex must be set')
  if (attributes.length > 0 && source !== undefined) {
    section.fault('regex', 'only one of attributes or regex must be set')
  }
  return rule(action as Action, attributes, source === undefined ? undefined : anchored(section, source))
}

function anchored(section: ConfigSection, source: string): RegExp {
  try {
    return new RegExp(`^(?:${source.replaceAll('(?P<', '(?<')})$`, 's')
  } catch (error) {
    section.fault('regex', `error parsing regexp: ${(error as Error).message}`)
    return /$^/
  }
}
