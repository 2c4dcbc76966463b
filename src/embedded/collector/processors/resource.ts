import type { ResourceOf } from '../../../otlp/types.ts'
import { compileActions } from '../attribute-actions.ts'
import type { Build, Consume, Consumer, Payload } from '../component.ts'

/** Changes the resource's attributes. */
export function createResource({ config }: Build, _signal: unknown, next: Consume): Consumer {
  const apply = compileActions(config.settings.attributes)
  return {
    consume(payload) {
      const data = (payload.data as ResourceOf<unknown>[]).map((group) => ({
        ...group,
        resource: { ...group.resource, attributes: apply(group.resource.attributes) },
      }))
      return next({ ...payload, data } as Payload)
    },
  }
}
