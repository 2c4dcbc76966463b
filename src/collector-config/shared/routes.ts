import { type Context, compileGroup, defineFunction, type OwnFunctions } from '../../ottl.ts'

/** An entry of a routing table, as the schema leaves it. */
export interface Route {
  context: string
  statement: string
  condition: string
  action: string
  pipelines: string[]
}

/** What a statement of the routing connector begins with: where it leads is said beside it. */
const route = defineFunction('route', [], () => {})
/** Of the functions that change something it has but these two. */
const EDITORS = ['delete_key', 'delete_matching_keys']
const ROUTE: OwnFunctions = (name) => {
  if (name === 'route') return route
  return /^[a-z]/.test(name) && !EDITORS.includes(name) ? null : undefined
}

const CONTEXTS: Context[] = ['otelcol', 'resource', 'span', 'metric', 'datapoint', 'log']

/** A route's statement, compiled; a condition stands for `route() where` it. Without a context that is found out. */
export function compileRoute({ context, statement, condition }: Route): ReturnType<typeof compileGroup> {
  const text = condition === '' ? statement : `route() where ${condition}`
  const group = (named: string) => ({ context: named, conditions: [], statements: [text] })
  if (context !== '') return compileGroup(group(context), CONTEXTS, ROUTE)
  const inferred = compileGroup(group(''), CONTEXTS, ROUTE)
  if (!('faults' in inferred)) return inferred
  // Paths without a context are a resource's, as they were before contexts were named.
  const again = compileGroup(group('resource'), CONTEXTS, ROUTE)
  return 'faults' in again ? inferred : again
}

export interface RequestCondition {
  name: string
  value: string
  equal: boolean
}

/** `request["X-Tenant"] == "acme"`, or what is wrong with it. */
export function parseRequest(text: string): RequestCondition | { error: string } {
  const comparators = text.match(/==|!=/g) ?? []
  if (comparators.length === 0) return { error: 'condition does not contain a valid comparator' }
  if (comparators.length > 1) return { error: 'condition contains multiple comparators' }
  const [left = '', right = ''] = text.split(comparators[0]!).map((part) => part.trim())
  if (!/request\[".*"\]/.test(left)) {
    return { error: `condition must have format 'request["<name>"] <comparator> <value>'` }
  }
  if (!/".*"/.test(right)) {
    return { error: `condition must have format 'request["<name>"] <comparator> "<value>"'` }
  }
  const name = left.replace(/^request\["/, '').replace(/"\]$/, '')
  return { name: name.toLowerCase(), value: right.replace(/^"|"$/g, ''), equal: comparators[0] === '==' }
}
