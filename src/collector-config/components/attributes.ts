import { ALL_SIGNALS, component } from '../component.ts'
import { list, struct } from '../schema.ts'
import { actionKeyValue, actionProblems } from '../shared/actions.ts'
import { matchFields } from '../shared/match.ts'
import { matchProblems } from '../shared/match-build.ts'

export const attributesProcessor = component({
  kind: 'processor',
  type: 'attributes',
  signals: ALL_SIGNALS,
  schema: struct('attributesprocessor.Config', { ...matchFields(), actions: list(actionKeyValue()) }, function* (a) {
    if (a.actions.length === 0) yield { message: 'missing required field "actions"' }
  }),
  build: function* (settings, signal) {
    const actions = [...actionProblems(settings.actions, 'actions')]
    yield* actions.length > 0 ? actions : matchProblems(settings, signal)
  },
})
