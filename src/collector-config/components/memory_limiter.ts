import { ALL_SIGNALS, component } from '../component.ts'
import { type Complaint, duration, type SettingsIn, struct, uint32 } from '../schema.ts'

const fields = {
  check_interval: duration(),
  min_gc_interval_when_soft_limited: duration(10_000),
  min_gc_interval_when_hard_limited: duration(),
  max_gc_interval_when_soft_limited: duration(30_000),
  max_gc_interval_when_hard_limited: duration(30_000),
  limit_mib: uint32(),
  spike_limit_mib: uint32(),
  limit_percentage: uint32(),
  spike_limit_percentage: uint32(),
}

/** internal/memorylimiter. Only the first fault is told, as the collector does. */
export const memoryLimiterProcessor = component({
  kind: 'processor',
  type: 'memory_limiter',
  signals: ALL_SIGNALS,
  schema: struct('memorylimiter.Config', fields, function* (m) {
    const first = faults(m).next()
    if (!first.done) yield first.value
  }),
})

function* faults(m: SettingsIn<typeof fields>): Generator<Complaint> {
  const soft = { min: m.min_gc_interval_when_soft_limited, max: m.max_gc_interval_when_soft_limited }
  const hard = { min: m.min_gc_interval_when_hard_limited, max: m.max_gc_interval_when_hard_limited }
  if (m.check_interval <= 0) {
    const hint = 'write check_interval: 1s'
    yield { message: "'check_interval' must be greater than zero", key: ['check_interval'], hint }
  }
  if (soft.min < hard.min) {
    yield { message: "'min_gc_interval_when_soft_limited' should be larger than 'min_gc_interval_when_hard_limited'" }
  }
  for (const [name, { min, max }] of Object.entries({ soft, hard })) {
    const key = `max_gc_interval_when_${name}_limited`
    if (max < 0) yield { message: `'${key}' must be non-negative`, key: [key] }
    if (max > 0 && max < min) {
      const least = `min_gc_interval_when_${name}_limited`
      yield { message: `'${key}' must be greater than or equal to '${least}' (or 0 to disable)`, key: [key] }
    }
  }
  if (soft.max > 0 && hard.max > 0 && soft.max < hard.max) {
    const message = `'max_gc_interval_when_soft_limited' should be larger than or equal to 'max_gc_interval_when_hard_limited' (when both are set)`
    yield { message, key: ['max_gc_interval_when_soft_limited'] }
  }
  if (m.limit_mib === 0 && m.limit_percentage === 0) {
    yield { message: "'limit_mib' or 'limit_percentage' must be greater than zero", hint: 'write limit_mib: 400' }
  }
  if (m.limit_percentage > 100 || m.spike_limit_percentage > 100) {
    const message = `'limit_percentage' and 'spike_limit_percentage' must be greater than zero and less than or equal to hundred`
    yield { message, key: ['limit_percentage'] }
  }
  if (m.limit_mib > 0 && m.limit_mib <= m.spike_limit_mib) {
    yield { message: "'spike_limit_mib' must be smaller than 'limit_mib'", key: ['spike_limit_mib'] }
  }
  if (m.limit_percentage > 0 && m.limit_percentage <= m.spike_limit_percentage) {
    yield {
      message: "'spike_limit_percentage' must be smaller than 'limit_percentage'",
      key: ['spike_limit_percentage'],
    }
  }
}
