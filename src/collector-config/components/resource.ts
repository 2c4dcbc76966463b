import { ALL_SIGNALS, component } from '../component.ts'
import { list, struct } from '../schema.ts'
import { actionKeyValue, actionProblems } from '../shared/actions.ts'

export const resourceProcessor = component({
  kind: 'processor',
  type: 'resource',
  signals: ALL_SIGNALS,
  schema: struct('resourceprocessor.Config', { attributes: list(actionKeyValue()) }, function* (r) {
    if (r.attributes.length === 0) yield { message: 'missing required field "attributes"' }
  }),
  build: (settings) => actionProblems(settings.attributes, 'attributes'),
})
