import type { Signal } from '../util/signal.ts'
import { SECTIONS } from './component.ts'
import type { ConfigFiles } from './files.ts'
import type { Diagnostic } from './model.ts'
import type { ConfigNode, MapNode } from './node.ts'
import type { PipelineNode, Reference, Sections } from './pipelines.ts'
import type { Registry } from './registry.ts'
import type { Place } from './sections.ts'

/** What only the building of a used component would refuse, such as an action without a key. */
export function* buildProblems(
  root: MapNode,
  pipelines: PipelineNode[],
  sections: Sections,
  registry: Registry,
  place: Place,
): Generator<Diagnostic> {
  const told = new Set<string>()
  for (const pipeline of pipelines) {
    const { signal } = pipeline
    for (const [kind, list, what] of [
      ['exporter', pipeline.exporters, `exporter for data type "${signal}"`],
      ['processor', pipeline.processors, `processor, in pipeline "${pipeline.id}"`],
      ['receiver', pipeline.receivers, `receiver for data type "${signal}"`],
    ] as const) {
      for (const { id } of list) {
        const component = sections[SECTIONS[kind]].components.get(id)
        const definition = component && registry.find(kind, component.type)
        if (definition?.build === undefined || told.has(`${kind} ${id}`)) continue
        const problems = definition.build(component!.settings, signal as Signal)
        for (const { message, key = [], hint, severity = 'error' } of problems) {
          // One that two pipelines use is told of once.
          told.add(`${kind} ${id}`)
          const at = placeOf(root, [SECTIONS[kind], id, ...key])
          const words = severity === 'error' ? `failed to create "${id}" ${what}: ${message}` : message
          yield { severity, message: words, ...place(at), ...(hint && { hint }) }
        }
      }
    }
  }
}

/** The same of connectors, which know the pipelines that they lead into. */
export function* connectorProblems(
  root: MapNode,
  pipelines: PipelineNode[],
  sections: Sections,
  registry: Registry,
  place: Place,
): Generator<Diagnostic> {
  for (const [id, { settings, type }] of sections.connectors.components) {
    const build = registry.find('connector', type)?.build
    const from = pipelines.filter(({ exporters }) => exporters.some((one) => one.id === id))
    for (const signal of new Set(build ? from.map((pipeline) => pipeline.signal) : [])) {
      const into = pipelines.filter((one) => one.signal === signal && one.receivers.some((use) => use.id === id))
      const ids = into.map((pipeline) => pipeline.id)
      for (const { message, key = [], hint } of build!(settings, signal as Signal, ids)) {
        const at = placeOf(root, ['connectors', id, ...key])
        yield { severity: 'error', message, ...place(at), ...(hint && { hint }) }
      }
    }
  }
}

/** What only the start of a used component would refuse, such as a file that is not there. */
export function* startProblems(
  root: MapNode,
  pipelines: PipelineNode[],
  extensions: Reference[],
  sections: Sections,
  registry: Registry,
  files: ConfigFiles,
  place: Place,
): Generator<Diagnostic> {
  const unique = (kind: 'exporter' | 'processor' | 'receiver', ids: Reference[]) =>
    [...new Set(ids.map(({ id }) => id))].map((id) => ({ kind, id }) as const)
  const used = [
    ...[...new Set(extensions.map(({ id }) => id))].map((id) => ({ kind: 'extension', id }) as const),
    ...unique(
      'exporter',
      pipelines.flatMap(({ exporters }) => exporters),
    ),
    ...unique(
      'processor',
      pipelines.flatMap(({ processors }) => processors),
    ),
    ...unique(
      'receiver',
      pipelines.flatMap(({ receivers }) => receivers),
    ),
  ]
  const running = new Map(extensions.map(({ id }) => [id, sections.extensions.components.get(id)?.type ?? ''] as const))
  for (const { kind, id } of used) {
    const component = sections[SECTIONS[kind]].components.get(id)
    const start = component && registry.find(kind, component.type)?.start
    for (const { message, key = [], hint } of start?.(component!.settings, files, running) ?? []) {
      const at = placeOf(root, [SECTIONS[kind], id, ...key])
      const words =
        kind === 'extension'
          ? `failed to start extensions: ${message}`
          : `cannot start pipelines: failed to start "${id}" ${kind}: ${message}`
      yield { severity: 'error', message: words, ...place(at), ...(hint && { hint }) }
    }
  }
}

function placeOf(root: ConfigNode, path: string[]): number {
  let node = root
  for (const part of path) {
    if (node.kind === 'list') node = node.items[Number(part)] ?? node
    else if (node.kind === 'map') node = node.entries.get(part)?.value ?? node
  }
  return node.at
}

/** The collector says nothing of a component that nothing uses, and does not start it. A learner wants to know. */
export function* unusedComponents(
  pipelines: PipelineNode[],
  extensions: Reference[],
  sections: Sections,
  place: Place,
): Generator<Diagnostic> {
  const used = new Set(pipelines.flatMap((p) => [...p.receivers, ...p.exporters].map(({ id }) => id)))
  const processors = new Set(pipelines.flatMap((p) => p.processors.map(({ id }) => id)))
  const started = new Set(extensions.map(({ id }) => id))
  const lists = [
    ['receivers', 'receiver', used],
    ['processors', 'processor', processors],
    ['exporters', 'exporter', used],
    ['connectors', 'connector', used],
    ['extensions', 'extension', started],
  ] as const
  for (const [section, kind, uses] of lists) {
    for (const [id, { at }] of sections[section].ids) {
      if (uses.has(id)) continue
      const list = section === 'connectors' ? 'exporters' : section
      const path =
        section === 'extensions' ? 'service.extensions' : `service.pipelines.${pipelines[0]?.id ?? 'traces'}.${list}`
      const where = section === 'extensions' ? 'service::extensions does not name it' : 'no pipeline uses it'
      yield {
        severity: 'warning',
        message: `${kind} "${id}" is configured, but ${where}`,
        ...place(at),
        hint: `put it to use: otel-lab config patch --add ${path}=${id}`,
      }
    }
  }
}

/** `$NAME` was a variable once; since 0.107.0 it is text. */
export function* bareVariables(node: ConfigNode, place: Place): Generator<Diagnostic> {
  if (node.kind === 'list') for (const item of node.items) yield* bareVariables(item, place)
  if (node.kind === 'map') for (const { value } of node.entries.values()) yield* bareVariables(value, place)
  if (node.kind !== 'scalar' || node.type !== 'string') return
  const match = /(?<!\$)\$([A-Z_][A-Z0-9_]+)/.exec(String(node.value))
  if (match === null) return
  yield {
    severity: 'warning',
    message: `$${match[1]} is no variable: since 0.107.0 it is taken as text`,
    ...place(node.at),
    hint: `write \${env:${match[1]}}: otel-lab config migrate`,
  }
}
