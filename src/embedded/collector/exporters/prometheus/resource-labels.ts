import type { KeyValue, MetricsData } from '../../../../otlp/types.ts'
import { mapPointAttributes } from '../../map-data.ts'

interface Settings {
  resource_to_telemetry_conversion: { enabled: boolean; exclude_service_attributes: boolean }
  resource_constant_labels: { included: string[]; excluded: string[] }
}

const SERVICE = ['service.name', 'service.namespace', 'service.instance.id']

/** Copies attributes of the resource to every point, so that they become labels; over a point's own of that name. */
export function resourceLabels(settings: Settings): (data: MetricsData) => MetricsData {
  const old = settings.resource_to_telemetry_conversion
  const { included, excluded } = settings.resource_constant_labels
  if (!old.enabled && included.length === 0) return (data) => data
  const includes = matcher(included)
  const excludes = matcher(excluded)
  const takes = (key: string) =>
    old.enabled ? !(old.exclude_service_attributes && SERVICE.includes(key)) : includes(key) && !excludes(key)
  return (data) =>
    data.map((group) => {
      const taken = group.resource.attributes.filter(({ key }) => takes(key))
      if (taken.length === 0) return group
      const add = (own: readonly KeyValue[]) => [
        ...own.filter(({ key }) => !taken.some((one) => one.key === key)),
        ...taken,
      ]
      return {
        ...group,
        scopes: group.scopes.map((scope) => ({
          ...scope,
          items: scope.items.map((metric) => mapPointAttributes(metric, add)),
        })),
      }
    })
}

/** `*` and `?` stand for any characters and for one. */
function matcher(patterns: readonly string[]): (key: string) => boolean {
  const tests = patterns.map((pattern) => {
    const escaped = pattern
      .replace(/[.+^${}()|[\]\\]/g, '\\$&')
      .replaceAll('*', '.*')
      .replaceAll('?', '.')
    return new RegExp(`^${escaped}$`, 's')
  })
  return (key) => tests.some((test) => test.test(key))
}
