import { goGroups, groupCounts } from '../../util/go-regexp.ts'
import { any, type Complaint, string, struct } from '../schema.ts'

/** coreinternal/attraction: the actions of the `resource` and `attributes` processors. */
export const actionKeyValue = () =>
  struct('attraction.ActionKeyValue', {
    key: string(),
    value: any(),
    default_value: any(),
    pattern: string(),
    from_attribute: string(),
    from_context: string(),
    converted_type: string(),
    action: string(),
  })

interface Action {
  key: string
  value?: unknown
  default_value?: unknown
  pattern: string
  from_attribute: string
  from_context: string
  converted_type: string
  action: string
}

const given = (value: unknown) => value !== undefined && value !== null

/** What building the processor would refuse. `key` is the list's name in the config. */
export function* actionProblems(actions: Action[], key: string): Generator<Complaint> {
  for (const [i, action] of actions.entries()) {
    const fault = faultOf(action, i)
    if (fault === undefined) continue
    const hint =
      action.action === '' ? 'action is one of insert, update, upsert, delete, hash, extract, convert' : undefined
    yield { message: fault, key: [key, String(i)], ...(hint && { hint }) }
    return
  }
}

function faultOf(a: Action, i: number): string | undefined {
  const action = a.action.toLowerCase()
  const byPattern = action === 'delete' || action === 'hash'
  if (a.key === '' && byPattern && a.pattern === '') {
    return `error creating AttrProc due to missing required field (at least one of "key" and "pattern" have to be used) at the ${i}-th action`
  }
  if (a.key === '' && !byPattern)
    return `error creating AttrProc due to missing required field "key" at the ${i}-th action`
  const fault = faultOfKind(a, action)
  return fault === undefined
    ? undefined
    : `error with key ${JSON.stringify(a.key)} (${i}-th action): error creating AttrProc${fault}`
}

function faultOfKind(a: Action, action: string): string | undefined {
  const sources = [given(a.value), a.from_attribute !== '', a.from_context !== ''].filter(Boolean).length
  const unused = (what: string) => `. Action "${action}" does not use ${what}`
  const missing = (field: string) => ` due to missing required field "${field}" for action "${action}"`
  switch (action) {
    case 'insert':
    case 'update':
    case 'upsert':
      if (sources === 0 && !given(a.default_value)) {
        return '. Either field "value", "from_attribute", "from_context", or "default_value" must be specified'
      }
      if (sources > 1) return ' due to multiple value sources being set'
      if (a.pattern !== '') return unused('the "pattern" field. This must not be specified')
      if (a.converted_type !== '') return unused('the "converted_type" field. This must not be specified')
      return undefined
    case 'hash':
    case 'delete':
      if (given(a.value) || a.from_attribute !== '') {
        return unused('"value" or "from_attribute" field. These must not be specified')
      }
      if (a.pattern !== '' && !compiles(a.pattern)) return `. Field "pattern" has invalid pattern: "${a.pattern}"`
      if (a.converted_type !== '') return unused('the "converted_type" field. This must not be specified')
      return undefined
    case 'extract':
      if (sources > 0) return unused('a value source field. These must not be specified')
      if (a.pattern === '') return missing('pattern')
      if (a.converted_type !== '') return unused('the "converted_type" field. This must not be specified')
      return faultOfPattern(a.pattern)
    case 'convert':
      if (sources > 0 || a.pattern !== '')
        return unused('value sources or "pattern" field. These must not be specified')
      if (a.converted_type === '') return missing('converted_type')
      if (['string', 'int', 'double'].includes(a.converted_type)) return undefined
      return ` due to invalid value "${a.converted_type}" in field "converted_type" for action "${action}"`
    default:
      return ` due to unsupported action ${JSON.stringify(action)}`
  }
}

function compiles(pattern: string): boolean {
  try {
    goGroups(pattern)
    return true
  } catch {
    return false
  }
}

function faultOfPattern(pattern: string): string | undefined {
  if (!compiles(pattern)) return `. Field "pattern" has invalid pattern: "${pattern}"`
  const { named, all } = groupCounts(pattern)
  if (all === 0) return '. Field "pattern" contains no named matcher groups'
  return named < all ? '. Field "pattern" contains at least one unnamed matcher group' : undefined
}
