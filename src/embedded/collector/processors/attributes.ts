import type { LogRecord, Metric, Signal, Span } from '../../../otlp/types.ts'
import { compileActions } from '../attribute-actions.ts'
import type { Build, Consume, Consumer } from '../component.ts'
import { mapItems, mapPointAttributes } from '../map-data.ts'
import { compileMatch } from './attributes-match.ts'

/** Changes the attributes of spans, log records or data points that `include` and `exclude` let through. */
export function createAttributes({ config }: Build, signal: Signal, next: Consume): Consumer {
  const apply = compileActions(config.settings.actions)
  const matches = compileMatch(config.settings, signal)
  return {
    consume(payload) {
      return next(
        mapItems(payload, (item, group, scope) => {
          if (!matches(item as Span, group.resource.attributes, scope.scope)) return item
          if (signal === 'metrics') return mapPointAttributes(item as Metric, apply)
          const holder = item as Span | LogRecord
          return { ...holder, attributes: apply(holder.attributes) }
        }),
      )
    },
  }
}
