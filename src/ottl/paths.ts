import { type Field, type Key, OttlError, type Path } from './ast.ts'
import type { Access } from './paths/access.ts'
import { OTELCOL, RESOURCE, SCOPE } from './paths/common.ts'
import { LOG } from './paths/logs.ts'
import { DATA_POINT, METRIC } from './paths/metrics.ts'
import { SPAN, SPAN_EVENT } from './paths/traces.ts'
import { type Context, VISIBLE } from './scene.ts'

const FIELDS: Record<Context, Record<string, Access>> = {
  resource: RESOURCE,
  scope: SCOPE,
  span: SPAN,
  spanevent: SPAN_EVENT,
  log: LOG,
  metric: METRIC,
  datapoint: DATA_POINT,
  otelcol: OTELCOL,
}

/** What a path leads to, and what stands in brackets behind it. */
export interface Place extends Access {
  keys: readonly Key[]
  /** Its name in its context, such as `trace_state`. */
  name: string
}

const REVIEW = 'https://github.com/open-telemetry/opentelemetry-collector-contrib/tree/main/pkg/ottl/contexts/ottl'

/** Resolves a path such as `span.attributes["x"]`. Throws OttlError in the words of pkg/ottl's contexts. */
export function resolvePath(path: Path, { context, named = false }: { context: Context; named?: boolean }): Place {
  const { place, fields } = placeOf(path, context, named)
  const [first, second] = fields
  if (first === undefined) throw noPath(path.fields[0]!.name, path, context)
  if (first.name === 'cache' && place !== context) {
    const own = path.text.replace(`${path.fields[0]!.name}.`, `${context}.`)
    throw new OttlError(
      `access to cache must be performed using the same context, please replace ${JSON.stringify(path.text)} with ${JSON.stringify(own)}`,
    )
  }
  const known = FIELDS[place]
  const names = fields.map(({ name }) => name)
  const length = [3, 2, 1].find(
    (count) => count <= names.length && known[names.slice(0, count).join('.')] !== undefined,
  )
  const group = (name: string) => Object.keys(known).some((one) => one.startsWith(`${name}.`))
  if (length === undefined || (length === 1 && second !== undefined && group(first.name))) {
    throw noPath(length === undefined && !group(first.name) ? first.name : (second ?? first).name, path, place)
  }
  const name = names.slice(0, length).join('.')
  const access = known[name]!
  for (const [i, field] of fields.entries()) {
    if (i >= length)
      throw new OttlError(
        `the path section ${JSON.stringify(field.name)} was not used by the context - this likely means you are using extra path sections`,
      )
    if (field.keys.length > 0 && !(i === length - 1 && access.indexed)) {
      throw new OttlError(
        `the keys indexing ${JSON.stringify(field.name)} were not used by the context - this likely means you are trying to index a path that does not support indexing`,
      )
    }
  }
  if (first.name === 'trace_state' && first.keys.length > 1) {
    throw new OttlError('must provide exactly 1 key when accessing trace_state')
  }
  return { ...access, name, keys: fields[length - 1]!.keys }
}

function noPath(segment: string, path: Path, context: Context): OttlError {
  const from = `segment ${JSON.stringify(segment)} from path ${JSON.stringify(path.text)}`
  return new OttlError(
    `${from} is not a valid path nor a valid OTTL keyword for the ${context} context - review ${REVIEW}${context} to see all valid paths`,
  )
}

function placeOf(path: Path, context: Context, named: boolean): { place: Context; fields: Field[] } {
  const [first, ...rest] = path.fields
  const names = [
    ...VISIBLE[context],
    ...(['resource', 'scope', 'otelcol'].includes(context) ? [] : ['instrumentation_scope']),
    'otelcol',
  ]
  const written = first!.keys.length === 0 && path.fields.length > 1
  const listed = (suffix: string) => names.map((name) => `"${name}${suffix}"`).join(', ')
  if (named && !written) {
    throw new OttlError(
      `missing context name for path "${path.text}", possibly valid options are: ${listed(`.${path.text}`)}`,
    )
  }
  if (named && !names.includes(first!.name)) {
    throw new OttlError(
      `context "${first!.name}" from path "${path.text}" is not valid, it must be replaced by one of: ${listed('')}`,
    )
  }
  if (!names.includes(first!.name)) return { place: context, fields: path.fields }
  return { place: first!.name === 'instrumentation_scope' ? 'scope' : (first!.name as Context), fields: rest }
}
