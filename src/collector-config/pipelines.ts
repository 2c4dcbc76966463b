import { nearest } from '../util/nearest.ts'
import { decode } from './decode.ts'
import { goneComponent } from './gone.ts'
import { formatId, parseComponentId, parsePipelineId } from './ids.ts'
import type { Diagnostic } from './model.ts'
import { type ConfigNode, isNil, type MapNode } from './node.ts'
import { list, struct, text } from './schema.ts'
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

/** An id in a list. A text in the list's place is no list, as it would be for a list of plain texts. */
const idSchema = text(
  (written) => {
    const parsed = parseComponentId(written)
    return 'error' in parsed ? parsed : { value: formatId(parsed) }
  },
  '',
  'component.ID',
)
const PIPELINE = struct('pipelines.PipelineConfig', {
  receivers: list(idSchema),
  processors: list(idSchema),
  exporters: list(idSchema),
})
const EXTENSIONS = struct('service.Config', { extensions: list(idSchema) })

/** `service::pipelines`, decoded; faults are appended to `diagnostics`. */
export function readPipelines(service: MapNode | undefined, place: Place, diagnostics: Diagnostic[]): PipelineNode[] {
  const node = service?.entries.get('pipelines')?.value
  if (node === undefined || isNil(node)) return []
  const fail = (message: string, at: number, hint?: string) =>
    diagnostics.push({ severity: 'error', message, ...place(at), ...(hint && { hint }) })
  if (node.kind !== 'map') {
    const kind = node.kind === 'list' ? 'slice' : node.type
    fail(`'service.pipelines' expected a map or struct, got "${kind}"`, node.at)
    return []
  }
  const pipelines: PipelineNode[] = []
  for (const [written, { keyAt, value }] of node.entries) {
    const parsed = parsePipelineId(written)
    if ('error' in parsed) {
      const hint = 'a pipeline is called traces, metrics or logs, or such with a name: traces/slow'
      fail(`'service.pipelines' ${parsed.error}`, keyAt, hint)
      continue
    }
    const id = formatId(parsed)
    if (pipelines.some((p) => p.id === id)) {
      fail(`'service.pipelines' duplicate name ${JSON.stringify(written)} after unmarshaling ${id}`, keyAt)
    }
    const { settings, problems } = decode(value, PIPELINE, keyAt, ['service', 'pipelines', `[${id}]`])
    for (const { message, at, hint } of problems) fail(message, at, hint)
    const references = (key: (typeof KEYS)[number]) => referencesOf(value, key, settings[key])
    pipelines.push({
      id,
      signal: parsed.type,
      at: keyAt,
      receivers: references('receivers'),
      processors: references('processors'),
      exporters: references('exporters'),
    })
  }
  return pipelines
}

export function readExtensions(service: MapNode | undefined, place: Place, diagnostics: Diagnostic[]): Reference[] {
  const entry = service?.entries.get('extensions')
  if (service === undefined || entry === undefined) return []
  const only: MapNode = { ...service, entries: new Map([['extensions', entry]]) }
  const { settings, problems } = decode(only, EXTENSIONS, service.at, ['service'])
  for (const { message, at, hint } of problems) {
    diagnostics.push({ severity: 'error', message, ...place(at), ...(hint && { hint }) })
  }
  return referencesOf(only, 'extensions', settings.extensions)
}

/** The decoded ids with their places; an id that did not decode is '' and left out. */
function referencesOf(node: ConfigNode, key: string, ids: string[]): Reference[] {
  const list = node.kind === 'map' ? node.entries.get(key)?.value : undefined
  const places = list?.kind === 'list' ? list.items.map((item) => item.at) : []
  return ids.map((id, i) => ({ id, at: places[i] ?? node.at })).filter(({ id }) => id !== '')
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
        `write ${key}: [...] with the id of ${kind === 'exporter' ? 'an' : 'a'} ${kind}`,
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
  if (sections[key].broken || (key !== 'processors' && sections.connectors.broken)) return
  const kind = key.slice(0, -1) as 'receiver' | 'processor' | 'exporter'
  for (const { id, at } of pipeline[key]) {
    const known = new Set(sections[key].ids.keys())
    if (key !== 'processors') for (const connector of sections.connectors.ids.keys()) known.add(connector)
    if (known.has(id)) continue
    const other = Object.entries(sections).find(([name, section]) => name !== key && section.ids.has(id))?.[0]
    // One of the type as it is called today, for `otlp` is a receiver and the exporter is otlp_grpc.
    const alike = [...known].find((one) => one.startsWith(`${id.split('/')[0]}_`))
    const meant = alike === undefined ? '' : `; did you mean ${alike}?`
    const hint = other === undefined ? hintFor(kind, id, known) : `"${id}" is under ${other}, not under ${key}${meant}`
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
