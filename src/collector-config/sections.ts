import { nearest } from '../util/nearest.ts'
import { type ComponentKind, SECTIONS } from './component.ts'
import { decode } from './decode.ts'
import { DECODING } from './decode-run.ts'
import { existsInContrib, goneComponent } from './gone.ts'
import { formatId, parseComponentId } from './ids.ts'
import type { ComponentConfig, Diagnostic } from './model.ts'
import { type ConfigNode, goTypeOf, isNil, type MapNode } from './node.ts'
import type { Registry } from './registry.ts'

export type Place = (offset: number) => { line: number; column: number }

export interface Section {
  /** What could be read; a component with a fault in its settings is absent. */
  components: Map<string, ComponentConfig>
  /** The section itself is no map: nothing is known of its ids. */
  broken?: true
  /** Every id in the section, also of components with faults: references to those do not dangle. */
  ids: Map<string, { type: string; at: number }>
  /** Faults that stop the decoding, and those that only the validation finds. */
  decoding: Diagnostic[]
  validating: Diagnostic[]
}

/** Reads `receivers:`, `processors:` and so on (otelcol/internal/configunmarshaler). */
export function readSection(root: MapNode, kind: ComponentKind, registry: Registry, place: Place): Section {
  const name = SECTIONS[kind]
  const section: Section = { components: new Map(), ids: new Map(), decoding: [], validating: [] }
  const node = root.entries.get(name)?.value
  const fail = (message: string, at: number, hint?: string) =>
    section.decoding.push({ severity: 'error', message: `'${name}' ${message}`, ...place(at), ...(hint && { hint }) })
  if (isNil(node)) return section
  if (node?.kind !== 'map') {
    section.broken = true
    fail(
      `expected a map or struct, got "${node?.kind === 'list' ? 'slice' : node?.type}"`,
      node?.at ?? 0,
      'write each id with a colon behind it, its settings indented below',
    )
    return section
  }
  for (const [written, { keyAt, value }] of node.entries) {
    const parsed = parseComponentId(written)
    if ('error' in parsed) {
      fail(`'' ${parsed.error}`, keyAt)
      continue
    }
    const id = formatId(parsed)
    if (section.ids.has(id)) fail(`'' duplicate name ${JSON.stringify(written)} after unmarshaling ${id}`, keyAt)
    section.ids.set(id, { type: parsed.type, at: keyAt })
    const definition = registry.find(kind, parsed.type)
    if (definition === undefined) {
      const { message, hint } = unknownType(kind, parsed.type, id, registry)
      fail(message, keyAt, hint)
      continue
    }
    const broken = readFaults(value, id)
    if (broken !== undefined) {
      fail(broken, value.at)
      continue
    }
    const { settings, problems, checks } = decode(value, definition.schema, keyAt)
    for (const { message, at, hint, severity } of problems) {
      if (severity === 'warning') {
        const warning = `${name}::${id}: ${message}`
        section.decoding.push({ severity, message: warning, ...place(at), ...(hint && { hint }) })
      } else fail(`error reading configuration for ${JSON.stringify(id)}: ${DECODING}${message}`, at, hint)
    }
    for (const { path, message, at, hint, severity = 'error' } of checks) {
      const where = [name, id, ...path].join('::')
      section.validating.push({ severity, message: `${where}: ${message}`, ...place(at), ...(hint && { hint }) })
    }
    if (definition.alias?.type === parsed.type)
      section.validating.push(aliasWarning(kind, parsed, definition.type, place(keyAt)))
    const component: ComponentConfig = {
      id,
      type: definition.type,
      name: parsed.name,
      settings,
      line: place(keyAt).line,
    }
    if (problems.every((p) => p.severity === 'warning')) section.components.set(id, component)
  }
  return section
}

/** A component's settings are a map or nothing (confmap's Sub). */
function readFaults(value: ConfigNode, id: string): string | undefined {
  if (value.kind === 'map' || isNil(value)) return undefined
  const words = `expected type 'map[string]interface {}', got unconvertible type '${goTypeOf(value)}'`
  return `${DECODING}'[${id}]' ${words}`
}

function unknownType(kind: ComponentKind, type: string, id: string, registry: Registry) {
  const known = registry.types(kind)
  const words = `unknown type: ${JSON.stringify(type)} for id: ${JSON.stringify(id)} (valid values: [${known.join(' ')}])`
  const gone = goneComponent(kind, type)
  if (gone !== undefined) {
    // The real collector has words of its own for this one.
    const message =
      type === 'logging' ? 'the logging exporter has been deprecated, use the debug exporter instead' : words
    const since = gone.since === undefined ? 'is gone' : `was removed in ${gone.since}`
    const mend = gone.migrates ? '. Let the lab rewrite it: otel-lab config migrate' : ''
    return { message, hint: `the ${type} ${kind} ${since}; use ${gone.instead}${mend}` }
  }
  if (existsInContrib(kind, type)) {
    return { message: words, hint: `${type} is not in the lab's embedded collector; it works with --engine docker` }
  }
  const near = nearest(type, known)
  return {
    message: words,
    hint: near === undefined ? `${kind}s here are: ${known.join(', ')}` : `did you mean ${near}?`,
  }
}

function aliasWarning(
  kind: ComponentKind,
  id: { type: string; name: string },
  type: string,
  at: ReturnType<Place>,
): Diagnostic {
  const renamed = formatId({ type, name: id.name })
  return {
    severity: 'warning',
    message: `${JSON.stringify(id.type)} alias is deprecated; use ${JSON.stringify(type)} instead`,
    ...at,
    hint: `the ${kind} ${formatId(id)} still works; rename it to ${renamed}: otel-lab config migrate`,
  }
}
