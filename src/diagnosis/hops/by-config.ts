import type { Facts } from '../facts.ts'
import { asMap, type Component, type Pipeline, pipelinesOf, type Settings } from '../read/topology.ts'
import { KEYS, type Key, KINDS, matters, type Told } from './identity.ts'

/** What a processor makes of an attribute of the resource. */
interface Effect {
  /** In words, behind the processor's id. */
  does: string
  /** Undefined where it is taken away, or the config alone does not tell. */
  value?: string
}

/** Without a tap: what the config has a processor do to the resource, where what arrived does not contradict it. */
export function changeByConfig(facts: Facts, pipeline: Pipeline, component: Component): Told | undefined {
  const { services } = facts.arrival
  for (const key of KEYS) {
    const effect = EFFECTS[component.type]?.(component.settings, key, facts)
    if (effect === undefined || !matters(facts, key) || !agrees(facts, pipeline, key, effect)) continue
    const now = key === 'service.name' && services.length > 0 ? `; what arrived is of ${services.join(', ')}` : ''
    return { ...KINDS[key], seen: `${component.id} ${effect.does}${now}` }
  }
  return undefined
}

/** What went another way has kept what a processor takes. */
function agrees({ arrival, signal, configs }: Facts, { id }: Pipeline, key: Key, { value }: Effect): boolean {
  if (key !== 'service.name') return arrival.found !== true
  const ways = configs.topology ? pipelinesOf(configs.topology, signal) : []
  return (value !== undefined && arrival.services.includes(value)) || ways.every((one) => one.id === id)
}

type Reader = (settings: Settings, key: Key, facts: Facts) => Effect | undefined

const EFFECTS: Partial<Record<string, Reader>> = { resource: byActions, transform: byStatements, redaction: byMasking }

function byActions({ attributes }: Settings, key: Key): Effect | undefined {
  const does = /^(?:delete|upsert|update|hash)$/
  const action = listOf(attributes).findLast((one) => one.key === key && does.test(String(one.action)))
  if (action === undefined) return undefined
  const { value, from_attribute: from } = action
  const how = `(action: ${action.action})`
  if (action.action === 'delete') return { does: `takes ${key} away ${how}` }
  const what = `${value === undefined ? '' : ` to ${value}`}${from === undefined ? '' : ` from ${from}`}`
  return { does: `sets ${key}${what} ${how}`, ...(value === undefined ? {} : { value: String(value) }) }
}

/** Statements without a where: those with one may be for others. */
function byStatements(settings: Settings, key: Key, { signal }: Facts): Effect | undefined {
  const lists = settings[{ traces: 'trace_statements', metrics: 'metric_statements', logs: 'log_statements' }[signal]]
  const statements = (Array.isArray(lists) ? lists : []).flatMap((one) =>
    typeof one === 'string' ? [one] : ((asMap(one).statements as unknown[] | undefined) ?? []),
  )
  const name = `"${key.replaceAll('.', '\\.')}"`
  const set = new RegExp(`^\\s*set\\(\\s*(?:resource\\.)?attributes\\[${name}\\]\\s*,\\s*(.+)\\)\\s*$`)
  const gone = new RegExp(`^\\s*delete_key\\(\\s*resource\\.attributes\\s*,\\s*${name}\\s*\\)\\s*$`)
  for (const text of statements.map(String).toReversed()) {
    if (gone.test(text)) return { does: `takes ${key} away: ${text.trim()}` }
    const to = text.includes('resource') ? set.exec(text)?.[1] : undefined
    const value = to === undefined ? undefined : /^"([^"\\]*)"$/.exec(to)?.[1]
    if (to !== undefined) return { does: `sets ${key}: ${text.trim()}`, ...(value === undefined ? {} : { value }) }
  }
  return undefined
}

function byMasking(
  { allow_all_keys: all, allowed_keys: allowed, ignored_keys: ignored, blocked_values: blocked }: Settings,
  key: Key,
  { run, arrival }: Facts,
): Effect | undefined {
  const names = (value: unknown) => (Array.isArray(value) ? value.map(String) : [])
  if (names(ignored).includes(key)) return undefined
  if (all !== true && !names(allowed).includes(key))
    return { does: `takes ${key} away (it is not among its allowed_keys)` }
  const value = key === 'service.name' ? arrival.services[0] : run.runId
  const masked =
    key === 'service.name' ? /^\*+$/.test(value ?? '') : names(blocked).some((one) => matches(one, value ?? ''))
  return masked ? { does: `masks ${key} (blocked_values)`, ...(value ? { value } : {}) } : undefined
}

function matches(pattern: string, text: string): boolean {
  try {
    return new RegExp(pattern).test(text)
  } catch {
    // Go knows patterns that JavaScript does not.
    return false
  }
}

const listOf = (value: unknown): Settings[] => (Array.isArray(value) ? value.map(asMap) : [])
