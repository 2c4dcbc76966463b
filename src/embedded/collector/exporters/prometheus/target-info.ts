import { stringOf } from '../../../../otlp/attributes.ts'
import type { Logger } from '../../logger.ts'
import { type Accumulated, identityOf } from './accumulator.ts'
import type { FamilyMetric } from './family.ts'
import { labelName } from './label-name.ts'
import type { GatherSettings } from './settings.ts'

const IDENTITY = ['service.name', 'service.namespace', 'service.instance.id']

/** One `target_info` for each job and instance, with the rest of what is known of the resource. */
export function targetInfo(all: readonly Accumulated[], settings: GatherSettings, logger: Logger): FamilyMetric[] {
  const seen = new Set<string>()
  const metrics: FamilyMetric[] = []
  for (const { resource } of all) {
    const { job, instance } = identityOf(resource)
    // The real one tells of no resource that lacks either.
    if (!job || !instance) continue
    const key = `${job}\u00ff${instance}`
    if (seen.has(key)) continue
    seen.add(key)
    try {
      const labels = new Map<string, string>()
      for (const { key, value } of resource) {
        if (IDENTITY.includes(key)) continue
        const name = labelName(settings.labels, key)
        const before = labels.get(name)
        labels.set(name, before === undefined ? stringOf(value) : `${before};${stringOf(value)}`)
      }
      labels.set('job', job)
      labels.set('instance', instance)
      metrics.push({ labels: [...labels].sort(([a], [b]) => (a < b ? -1 : 1)), value: 1 })
    } catch (error) {
      logger.error(`failed to convert metric target_info: ${(error as Error).message}`)
    }
  }
  return metrics
}
