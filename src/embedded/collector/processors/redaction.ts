import type { LogRecord, Metric, MetricData, ResourceOf, Scope, Signal, Span } from '../../../otlp/types.ts'
import type { Build, Consume, Consumer, Payload } from '../component.ts'
import { redactAttributes } from './redaction/attributes.ts'
import { redactBody } from './redaction/body.ts'
import { rulesOf } from './redaction/rules.ts'

/** Takes away what is not allowed and masks what must not be seen: in resources, scopes, items, events and bodies. */
export function createRedaction({ config }: Build, signal: Signal, next: Consume): Consumer {
  const rules = rulesOf(config.settings)
  const clean = <T extends { attributes: Scope['attributes'] }>(holder: T): T => ({
    ...holder,
    attributes: redactAttributes(holder.attributes, rules),
  })
  const EACH: Record<Signal, (item: unknown) => unknown> = {
    traces(item) {
      const span = clean(item as Span)
      return { ...span, events: span.events.map(clean) }
    },
    metrics(item) {
      const metric = item as Metric
      if (metric.data.type === 'none') return metric
      return { ...metric, data: { ...metric.data, points: metric.data.points.map(clean) } as MetricData }
    },
    logs: (item) => redactBody(clean(item as LogRecord), rules),
  }
  return {
    consume(payload) {
      const data = (payload.data as ResourceOf<unknown>[]).map((group) => ({
        ...group,
        resource: clean(group.resource),
        scopes: group.scopes.map((scope) => ({
          ...scope,
          scope: clean(scope.scope),
          items: scope.items.map(EACH[signal]),
        })),
      }))
      return next({ ...payload, data } as Payload)
    },
  }
}
