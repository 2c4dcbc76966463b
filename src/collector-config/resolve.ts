import { suggestion } from '../util/nearest.ts'
import type { Signal } from '../util/signal.ts'
import { bareVariables, buildProblems, connectorProblems, startProblems, unusedComponents } from './advice.ts'
import { type ComponentKind, SECTIONS } from './component.ts'
import { decode } from './decode.ts'
import { readDocument } from './document.ts'
import { envProvider, expandTree, fileProvider, yamlProvider } from './expand.ts'
import { type ConfigFiles, localFiles } from './files.ts'
import { checkGraph } from './graph.ts'
import type { CollectorConfig, Diagnostic, PipelineConfig, Resolved } from './model.ts'
import { type ConfigNode, goTypeOf, isNil, type MapNode } from './node.ts'
import { checkPipelines, type PipelineNode, readExtensions, readPipelines, type Sections } from './pipelines.ts'
import { labRegistry, type Registry } from './registry.ts'
import { type Place, readSection } from './sections.ts'
import { telemetryOf, telemetrySchema } from './telemetry.ts'

const TOP_KEYS = [...Object.values(SECTIONS), 'service']
const SERVICE_KEYS = ['extensions', 'pipelines', 'telemetry']

/**
 * Reads a collector config as the real collector would: YAML, `${env:X}` expanded from `env`, every component
 * against its schema, then references, pipelines and the graph. Never throws on bad input.
 */
export function resolveConfig(
  text: string,
  env: Record<string, string | undefined>,
  files: ConfigFiles = localFiles,
): Resolved {
  return resolveWith(labRegistry, text, env, files)
}

/** The same over other component types; the conformance runner brings the suite's own. */
export function resolveWith(
  registry: Registry,
  text: string,
  env: Record<string, string | undefined>,
  files: ConfigFiles = localFiles,
): Resolved {
  const document = readDocument(text)
  const { place } = document
  const diagnostics: Diagnostic[] = [...document.diagnostics]
  const error = (message: string, at: number, hint?: string) =>
    diagnostics.push({ severity: 'error', message, ...place(at), ...(hint && { hint }) })
  if (diagnostics.length > 0) return { diagnostics }

  const root = expand(document.root, env, files, place, diagnostics)
  if (diagnostics.some((d) => d.severity === 'error')) return { diagnostics }
  if (root !== undefined && root.kind !== 'map' && !isNil(root)) {
    error(
      `retrieved value (type=${goTypeOf(root)}) cannot be used as a Conf`,
      root.at,
      'a config begins with keys such as receivers:',
    )
    return { diagnostics }
  }
  if (root === undefined || root.kind !== 'map' || root.entries.size === 0) {
    const hint = 'put the original back: otel-lab config reset'
    return {
      diagnostics: [
        ...diagnostics,
        { severity: 'error', message: 'empty configuration file', line: 1, column: 1, hint },
      ],
    }
  }
  checkKeys(root, 'otelcol.configSettings', TOP_KEYS, error)

  const section = (kind: ComponentKind) => readSection(root, kind, registry, place)
  const sections: Sections = {
    receivers: section('receiver'),
    processors: section('processor'),
    exporters: section('exporter'),
    connectors: section('connector'),
    extensions: section('extension'),
  }
  const all = Object.values(sections)
  for (const { decoding, validating } of all) diagnostics.push(...decoding, ...validating)

  const service = serviceOf(root, error)
  if (service !== undefined) checkKeys(service, 'service', SERVICE_KEYS, error)
  const pipelines = readPipelines(service, place, diagnostics)
  const extensions = readExtensions(service, place, diagnostics)
  const telemetry = readTelemetry(service, place, diagnostics)

  checkWhole(root, sections, pipelines, error)
  diagnostics.push(...checkPipelines(pipelines, extensions, sections, place))
  if (diagnostics.every((d) => d.severity === 'warning')) {
    const lookup = {
      isConnector: (id: string) => sections.connectors.ids.has(id),
      connector: (id: string) => registry.find('connector', id.split('/')[0]!),
      component: (kind: 'receiver' | 'processor' | 'exporter', id: string) => {
        const definition = registry.find(kind, id.split('/')[0]!)
        return { configured: sections[SECTIONS[kind]].ids.has(id), ...(definition && { definition }) }
      },
    }
    for (const { message, at, hint } of checkGraph(pipelines, lookup)) error(message, at, hint)
    const built = [
      ...buildProblems(root, pipelines, sections, registry, place),
      ...connectorProblems(root, pipelines, sections, registry, place),
    ]
    diagnostics.push(...built)
    if (built.every(({ severity }) => severity === 'warning')) {
      diagnostics.push(...startProblems(root, pipelines, extensions, sections, registry, files, place))
    }
    diagnostics.push(...unusedComponents(pipelines, extensions, sections, place))
  }
  diagnostics.push(...bareVariables(root, place))
  const sorted = inOrder(diagnostics)
  if (sorted.some((d) => d.severity === 'error')) return { diagnostics: sorted }
  const config: CollectorConfig = {
    receivers: sections.receivers.components,
    processors: sections.processors.components,
    exporters: sections.exporters.components,
    connectors: sections.connectors.components,
    extensions: sections.extensions.components,
    service: {
      extensions: extensions.map(({ id }) => id),
      pipelines: new Map(pipelines.map((pipeline) => [pipeline.id, pipelineOf(pipeline)])),
      telemetry: telemetryOf(telemetry),
    },
  }
  return { config, diagnostics: sorted }
}

function expand(
  root: ConfigNode | undefined,
  env: Record<string, string | undefined>,
  files: ConfigFiles,
  place: Place,
  diagnostics: Diagnostic[],
): ConfigNode | undefined {
  if (root === undefined) return undefined
  const unset = new Set<string>()
  const expanded = expandTree(root, {
    providers: { env: envProvider(env, (name) => unset.add(name)), yaml: yamlProvider, file: fileProvider(files) },
    defaultScheme: 'env',
    report: (message, at) => {
      const hint = message.startsWith('scheme "')
        ? 'the lab reads ${env:NAME}, ${env:NAME:-default} and ${file:PATH}'
        : undefined
      diagnostics.push({ severity: 'error', message, ...place(at), ...(hint && { hint }) })
    },
  })
  for (const name of unset) {
    diagnostics.push({
      severity: 'warning',
      message: `Configuration references unset environment variable "${name}"`,
      hint: `set it, or give it a default: \${env:${name}:-value}`,
    })
  }
  return expanded
}

type Report = (message: string, at: number, hint?: string) => void

function checkKeys(node: MapNode, path: string, known: string[], error: Report): void {
  const unknown = [...node.entries].filter(([key]) => !known.includes(key))
  if (unknown.length === 0) return
  const keys = unknown.map(([key]) => key).sort()
  error(
    `'${path}' has invalid keys: ${keys.join(', ')}`,
    unknown[0]![1].keyAt,
    suggestion(keys, known, 'the keys here are'),
  )
}

function serviceOf(root: MapNode, error: Report): MapNode | undefined {
  const node = root.entries.get('service')?.value
  if (node?.kind === 'map') return node
  if (!isNil(node)) error(`'service' expected a map or struct, got "${goTypeOf(node!)}"`, node!.at)
  return undefined
}

function readTelemetry(service: MapNode | undefined, place: Place, diagnostics: Diagnostic[]) {
  const node = service?.entries.get('telemetry')?.value
  const path = ['service', 'telemetry']
  const { settings, problems, checks } = decode(node, telemetrySchema, service?.at ?? 0, path)
  const old = 'write metrics: {readers: [{pull: {exporter: {prometheus: {host, port}}}}]}: otel-lab config migrate'
  for (const { message, at, hint, severity } of problems) {
    const help = message.endsWith('has invalid keys: address') ? `ignored since 0.123.0; ${old}` : hint
    diagnostics.push({ severity: severity ?? 'error', message, ...place(at), ...(help && { hint: help }) })
  }
  for (const { path, message, at, hint, severity } of checks) {
    const words = `${path.join('::')}: ${message}`
    diagnostics.push({ severity: severity ?? 'error', message: words, ...place(at), ...(hint && { hint }) })
  }
  return settings
}

/** Whether there is enough of everything (otelcol/config.go). */
function checkWhole(root: MapNode, sections: Sections, pipelines: PipelineNode[], error: Report): void {
  const at = (key: string) => root.entries.get(key)?.keyAt ?? 0
  const has = (key: string) => {
    const node = root.entries.get(key)?.value
    return node?.kind === 'map' ? node.entries.size > 0 : !isNil(node)
  }
  const reset = 'see the original: otel-lab config diff'
  if (Object.keys(sections).every((key) => !has(key)))
    error('empty configuration file', 0, 'put the original back: otel-lab config reset')
  else if (!has('receivers')) error('no receiver configuration specified in config', at('receivers'), reset)
  else if (!has('exporters')) error('no exporter configuration specified in config', at('exporters'), reset)
  const service = root.entries.get('service')?.value
  const written = service?.kind === 'map' ? service.entries.get('pipelines')?.value : undefined
  if (pipelines.length === 0 && !(written?.kind === 'map' && written.entries.size > 0)) {
    error('service::pipelines: service must have at least one pipeline', at('service'), reset)
  }
}

function pipelineOf({ id, signal, receivers, processors, exporters }: PipelineNode): PipelineConfig {
  const ids = (list: { id: string }[]) => list.map((reference) => reference.id)
  return {
    id,
    signal: signal as Signal,
    receivers: ids(receivers),
    processors: ids(processors),
    exporters: ids(exporters),
  }
}

function inOrder(diagnostics: Diagnostic[]): Diagnostic[] {
  const rank = (d: Diagnostic) => (d.severity === 'error' ? 0 : 1)
  return diagnostics.toSorted((a, b) => rank(a) - rank(b) || (a.line ?? 0) - (b.line ?? 0))
}
