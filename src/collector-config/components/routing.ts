import { component } from '../component.ts'
import { formatId, parsePipelineId } from '../ids.ts'
import { type Complaint, list, oneOf, type SettingsIn, string, struct, text } from '../schema.ts'
import { compileRoute, parseRequest, type Route } from '../shared/routes.ts'

const pipelineId = () =>
  text(
    (written) => {
      const parsed = parsePipelineId(written)
      return 'error' in parsed ? parsed : { value: formatId(parsed) }
    },
    '',
    'pipeline.ID',
  )

const CONTEXTS = ['', 'resource', 'span', 'metric', 'datapoint', 'log', 'otelcol']

const fields = {
  error_mode: oneOf(['ignore', 'silent', 'propagate'], 'ignore', (text) => `unknown error mode ${text}`),
  default_pipelines: list(pipelineId()),
  table: list(
    struct('routingconnector.RoutingTableItem', {
      context: string(),
      statement: string(),
      condition: string(),
      action: text((word) => {
        return ['move', 'copy'].includes(word) ? { value: word } : { error: `invalid Action string: ${word}` }
      }, ''),
      pipelines: list(pipelineId()),
    }),
  ),
}

function* check(r: SettingsIn<typeof fields>): Generator<Complaint> {
  if (r.table.length === 0)
    return yield { message: 'invalid routing table: the routing table is empty', key: ['table'] }
  for (const [i, route] of (r.table as Route[]).entries()) {
    const key = ['table', String(i)]
    const { context, statement, condition, pipelines } = route
    if (statement === '' && condition === '') {
      return yield { message: 'invalid route: no condition or statement provided', key }
    }
    if (statement !== '' && condition !== '') {
      return yield { message: 'invalid route: both condition and statement provided', key }
    }
    if (pipelines.length === 0) return yield { message: 'invalid route: no pipelines defined', key }
    if (context === 'request') {
      if (condition === '') return yield { message: '"request" context requires a \'condition\'', key }
      const parsed = parseRequest(condition)
      if ('error' in parsed) return yield { message: parsed.error, key: [...key, 'condition'] }
    } else if (!CONTEXTS.includes(context)) {
      return yield { message: `invalid context: ${context}`, key: [...key, 'context'] }
    }
  }
}

/** Leads telemetry into pipelines by a table of conditions. */
export const routingConnector = component({
  kind: 'connector',
  type: 'routing',
  signals: [],
  routes: [
    ['traces', 'traces'],
    ['metrics', 'metrics'],
    ['logs', 'logs'],
  ],
  schema: struct('routingconnector.Config', fields, check),
  build: function* (r, _signal, into = []): Generator<Complaint> {
    const missing = (ids: readonly string[]) => ids.filter((id) => !into.includes(id))
    const words = (ids: readonly string[]) =>
      `pipeline not found: ${missing(ids)
        .map((id) => `missing consumer: ${JSON.stringify(id)}`)
        .join('; ')}`
    const hint = 'a pipeline that it leads to names the connector among its receivers'
    if (missing(r.default_pipelines).length > 0) {
      return yield { message: words(r.default_pipelines), key: ['default_pipelines'], hint }
    }
    for (const [i, route] of (r.table as Route[]).entries()) {
      const key = ['table', String(i)]
      const compiled = route.context === 'request' ? undefined : compileRoute(route)
      if (compiled !== undefined && 'faults' in compiled) {
        return yield { message: compiled.faults.map(({ message }) => message).join('\n'), key }
      }
      if (missing(route.pipelines).length > 0) return yield { message: words(route.pipelines), key, hint }
    }
  },
})
