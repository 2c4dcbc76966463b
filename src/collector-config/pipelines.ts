import { decode, nearest } from './decode.ts'
import { goneComponent } from './gone.ts'
import { formatId, parseComponentId, parsePipelineId } from './ids.ts'
import type { Diagnostic } from './model.ts'
import { type ConfigNode, isNil, type MapNode } from './node.ts'
import { strings, struct } from './schema.ts'
import type { Place, Section } from './sections.ts'

export interface Reference {
  id: string
  at: number
}

/** A pipeline with the place of each reference. `signal` may be `profiles`, which the lab does not run. */
export interface PipelineNode {
  id: string
  signal: string
  at: number
  receivers: Reference[]
  processors: Reference[]
  exporters: Reference[]
}

const KEYS = ['receivers', 'processors', 'exporters'] as const
const PIPELINE = struct('pipelines.PipelineConfig', {
  receivers: strings(),
  processors: strings(),
  exporters: strings(),
})
const EXTENSIONS = struct('', { extensions: strings() })

/** `service::pipelines`, decoded; faults are appended to `diagnostics`. */
export function readPipelines(service: MapNode | undefined, place: Place, diagnostics: Diagnostic[]): PipelineNode[] {
  const node = service?.entries.get('pipelines')?.value
  if (node === undefined || isNil(node)) return []
  const fail = (message: string, at: number, hint?: string) =>
    diagnostics.push({
      severity: 'error',
      message: `'service' decoding failed due to the following error(s):\n\n${message}`,
      ...place(at),
      ...(hint && { hint }),
    })
  if (node.kind !== 'map') {
    fail(`'pipelines' expected a map, got '${node.kind === 'list' ? 'slice' : node.type}'`, node.at)
    return []
  }
  const pipelines: PipelineNode[] = []
  for (const [written, { keyAt, value }] of node.entries) {
    const parsed = parsePipelineId(written)
    if ('error' in parsed) {
      fail(
        `'pipelines' ${parsed.error}`,
        keyAt,
        'a pipeline is called traces, metrics or logs, or such with a name: traces/slow',
      )
      continue
    }
    const id = formatId(parsed)
    if (pipelines.some((p) => p.id === id))
      fail(`'pipelines' duplicate name ${JSON.stringify(written)} after unmarshaling ${id}`, keyAt)
    const { problems } = decode(value, PIPELINE, keyAt)
    for (const { message, at, hint } of problems)
      fail(message.replace(/^'/, `'pipelines[${id}]${message.startsWith("''") ? '' : '.'}`), at, hint)
    const list = (key: string) =>
      references(value.kind === 'map' ? value.entries.get(key)?.value : undefined, (error, at) =>
        fail(`'pipelines[${id}].${key}' ${error}`, at),
      )
    pipelines.push({
      id,
      signal: parsed.type,
      at: keyAt,
      receivers: list('receivers'),
      processors: list('processors'),
      exporters: list('exporters'),
    })
  }
  return pipelines
}

export function readExtensions(service: MapNode | undefined, place: Place, diagnostics: Diagnostic[]): Reference[] {
  const node = service?.entries.get('extensions')?.value
  if (node === undefined) return []
  const fail = (message: string, at: number) =>
    diagnostics.push({
      severity: 'error',
      message: `'service' decoding failed due to the following error(s):\n\n${message}`,
      ...place(at),
    })
  const only: MapNode = {
    kind: 'map',
    at: node.at,
    entries: new Map([['extensions', { keyAt: node.at, value: node }]]),
  }
  for (const { message, at } of decode(only, EXTENSIONS, node.at).problems) fail(message, at)
  return references(node, (error, at) => fail(`'extensions' ${error}`, at))
}

/** The ids in a list; a text is split at commas, as the collector does. */
function references(node: ConfigNode | undefined, fail: (error: string, at: number) => void): Reference[] {
  if (node === undefined || isNil(node)) return []
  const items: ConfigNode[] =
    node.kind === 'scalar' && node.type === 'string' && node.value !== ''
      ? String(node.value)
          .split(',')
          .map((value) => ({ ...node, value }))
      : node.kind === 'list'
        ? node.items
        : []
  const found: Reference[] = []
  for (const item of items) {
    if (item.kind !== 'scalar' || item.type !== 'string') continue
    const parsed = parseComponentId(String(item.value))
    if ('error' in parsed) fail(parsed.error, item.at)
    else found.push({ id: formatId(parsed), at: item.at })
  }
  return found
}

export interface Sections {
  receivers: Section
  processors: Section
  exporters: Section
  connectors: Section
  extensions: Section
}

/** What the collector checks of the whole before it builds anything (otelcol/config.go, service/pipelines). */
export function* checkPipelines(
  pipelines: PipelineNode[],
  extensions: Reference[],
  sections: Sections,
  place: Place,
): Generator<Diagnostic> {
  const error = (message: string, at: number, hint?: string): Diagnostic => ({
    severity: 'error',
    message,
    ...place(at),
    ...(hint && { hint }),
  })
  for (const [id, { at }] of sections.connectors.ids) {
    for (const [kind, section] of [
      ['exporter', sections.exporters],
      ['receiver', sections.receivers],
    ] as const) {
      if (!section.ids.has(id)) continue
      const rename = `Change one of the components' IDs to eliminate ambiguity (e.g. rename "${id}" connector to "${id}/connector")`
      yield error(`connectors::${id}: ambiguous ID: Found both "${id}" ${kind} and "${id}" connector. ${rename}`, at)
      break
    }
  }
  for (const { id, at } of extensions) {
    if (sections.extensions.ids.has(id)) continue
    const hint = hintFor('extension', id, sections.extensions.ids.keys())
    yield error(`service::extensions: references extension "${id}" which is not configured`, at, hint)
  }
  for (const pipeline of pipelines) {
    const where = `service::pipelines::${pipeline.id}`
    if (pipeline.signal === 'profiles') {
      const gate = 'profiling signal support is at alpha level, gated under the "service.profilesSupport" feature gate'
      yield error(`service::pipelines: pipeline "${pipeline.id}": ${gate}`, pipeline.at)
    }
    for (const key of ['receivers', 'exporters'] as const) {
      if (pipeline[key].length > 0) continue
      const kind = key.slice(0, -1)
      yield error(
        `${where}: must have at least one ${kind}`,
        pipeline.at,
        `write ${key}: [...] with the id of a ${kind}`,
      )
    }
    const seen = new Set<string>()
    for (const { id, at } of pipeline.processors) {
      if (seen.has(id)) yield error(`${where}: references processor "${id}" multiple times`, at)
      seen.add(id)
    }
    for (const key of KEYS) yield* dangling(pipeline, key, sections, error)
  }
}

function* dangling(
  pipeline: PipelineNode,
  key: (typeof KEYS)[number],
  sections: Sections,
  error: (message: string, at: number, hint?: string) => Diagnostic,
): Generator<Diagnostic> {
  const kind = key.slice(0, -1) as 'receiver' | 'processor' | 'exporter'
  for (const { id, at } of pipeline[key]) {
    const known = new Set(sections[key].ids.keys())
    if (key !== 'processors') for (const connector of sections.connectors.ids.keys()) known.add(connector)
    if (known.has(id)) continue
    const other = Object.entries(sections).find(([name, section]) => name !== key && section.ids.has(id))?.[0]
    const hint = other === undefined ? hintFor(kind, id, known) : `"${id}" is under ${other}, not under ${key}`
    yield error(`service::pipelines::${pipeline.id}: references ${kind} "${id}" which is not configured`, at, hint)
  }
}

function hintFor(
  kind: 'receiver' | 'processor' | 'exporter' | 'extension',
  id: string,
  known: Iterable<string>,
): string {
  const ids = [...known]
  const gone = goneComponent(kind, id.split('/')[0]!)
  if (gone !== undefined) return `the ${gone.type} ${kind} is gone; use ${gone.instead}`
  const near = nearest(id, ids) ?? ids.find((other) => other.split('/')[0] === id || other.split('/')[1] === id)
  if (near !== undefined) return `did you mean ${near}?`
  return ids.length === 0 ? `no ${kind} is configured` : `configured ${kind}s: ${ids.join(', ')}`
}
