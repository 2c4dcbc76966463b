import { component } from '../component.ts'
import { struct } from '../schema.ts'

/** Leads from one pipeline into another as it is. */
export const forwardConnector = component({
  kind: 'connector',
  type: 'forward',
  signals: [],
  routes: [
    ['traces', 'traces'],
    ['metrics', 'metrics'],
    ['logs', 'logs'],
  ],
  schema: struct('forwardconnector.Config', {}),
})
