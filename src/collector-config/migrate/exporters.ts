import { table } from '../../util/table.ts'
import { readDocument } from '../document.ts'
import type { MapEntry, MapNode } from '../node.ts'
import { formatPath } from '../patch/path.ts'
import { renameComponent, renameKey } from '../patch/rename.ts'
import { applyEdits, type Edit } from '../patch.ts'
import { componentsOf, type Finding, freeId, textAt, typeAndName } from './finding.ts'

export function exporterRules(root: MapNode): Finding[] {
  const exporters = componentsOf(root, 'exporters').flatMap(([id, entry]) => exporterFindings(root, id, entry))
  const connectors = componentsOf(root, 'connectors')
    .filter(([id]) => typeAndName(id)[0] === 'spanmetrics')
    .map(([id, entry]) => renamed(root, 'connectors', id, entry, 'span_metrics', '0.152.0'))
  return [...exporters, ...connectors]
}

function exporterFindings(root: MapNode, id: string, entry: MapEntry): Finding[] {
  switch (typeAndName(id)[0]) {
    case 'logging':
      return [fromLogging(root, id, entry)]
    case 'loki':
      return [fromLoki(root, id, entry)]
    case 'jaeger':
      return [fromJaeger(root, id, entry)]
    case 'otlp':
      return [renamed(root, 'exporters', id, entry, 'otlp_grpc', '0.144.0')]
    case 'otlphttp':
      return [renamed(root, 'exporters', id, entry, 'otlp_http', '0.144.0')]
    default:
      return []
  }
}

function newId(root: MapNode, section: string, id: string, type: string, name = typeAndName(id)[1]): string {
  const [oldType] = typeAndName(id)
  return freeId(root, section, name === '' ? type : `${type}/${name}`, `${type}/${name === '' ? oldType : name}`)
}

function renamed(
  root: MapNode,
  section: 'exporters' | 'connectors',
  id: string,
  entry: MapEntry,
  type: string,
  since: string,
): Finding {
  const to = newId(root, section, id, type)
  const kind = section.slice(0, -1)
  return {
    at: entry.keyAt,
    what: `${kind} ${id} is now ${to}`,
    why: `the type ${typeAndName(id)[0]} was renamed to ${type}; the old name still works, with a warning`,
    since,
    apply: (text) => renameComponent(text, section, id, to),
  }
}

const VERBOSITY: Record<string, string> = table({ debug: 'detailed', info: 'normal' })

function fromLogging(root: MapNode, id: string, entry: MapEntry): Finding {
  const to = newId(root, 'exporters', id, 'debug')
  const level = textAt(entry.value, 'loglevel')
  const verbosity = textAt(entry.value, 'verbosity') ?? (level && (VERBOSITY[level.toLowerCase()] ?? 'basic'))
  const both = level !== undefined && textAt(entry.value, 'verbosity') !== undefined
  return {
    at: entry.keyAt,
    what:
      level === undefined
        ? `exporter ${id} is now ${to}`
        : `exporter ${id} is now ${to}, loglevel: ${level} is now verbosity: ${verbosity}`,
    why: 'the logging exporter was removed; the debug exporter prints the same',
    since: '0.111.0',
    apply(text) {
      const moved = renameComponent(text, 'exporters', id, to)
      if (level === undefined) return moved
      const path = ['exporters', to]
      if (both) return applyEdits(moved, [{ op: 'remove', path: formatPath([...path, 'loglevel']) }])
      const keyed = renameKey(moved, [...path, 'loglevel'], 'verbosity')
      return applyEdits(keyed, [{ op: 'set', path: formatPath([...path, 'verbosity']), value: verbosity! }])
    },
  }
}

/** What the loki exporter took and an OTLP exporter does not: Loki makes labels from resource attributes itself now. */
const LOKI_ONLY = ['default_labels_enabled', 'labels', 'format', 'tenant', 'tenant_id']

function fromLoki(root: MapNode, id: string, entry: MapEntry): Finding {
  const [, name] = typeAndName(id)
  const to = newId(root, 'exporters', id, 'otlp_http', name === '' ? 'loki' : name)
  const target = lokiOtlp(textAt(entry.value, 'endpoint'))
  const dropped = LOKI_ONLY.filter((key) => entry.value.kind === 'map' && entry.value.entries.has(key))
  const note =
    dropped.length === 0 ? '' : `; ${dropped.join(', ')} dropped: Loki makes labels of resource attributes itself`
  return {
    at: entry.keyAt,
    what: `exporter ${id} is now ${to} with endpoint ${target}${note}`,
    why: 'the loki exporter was removed; Loki takes OTLP on /otlp',
    since: '0.131.0',
    apply(text) {
      const path = ['exporters', to]
      // Read anew: variables in it may have been rewritten by now.
      const endpoint = lokiOtlp(textAt(readDocument(text).root, 'exporters', id, 'endpoint'))
      const edits: Edit[] = [
        ...dropped.map((key): Edit => ({ op: 'remove', path: formatPath([...path, key]) })),
        { op: 'set', path: formatPath([...path, 'endpoint']), value: endpoint },
      ]
      return applyEdits(renameComponent(text, 'exporters', id, to), edits)
    },
  }
}

function lokiOtlp(endpoint = 'http://loki:3100/otlp'): string {
  return endpoint.endsWith('/otlp')
    ? endpoint
    : endpoint.replace(/(\/loki\/api\/v1\/push|\/api\/prom\/push)?\/?$/, '/otlp')
}

function jaegerOtlp(endpoint = 'jaeger:4317'): string {
  return endpoint.replace(/:14250$/, ':4317')
}

function fromJaeger(root: MapNode, id: string, entry: MapEntry): Finding {
  const [, name] = typeAndName(id)
  const to = newId(root, 'exporters', id, 'otlp_grpc', name === '' ? 'jaeger' : name)
  const target = jaegerOtlp(textAt(entry.value, 'endpoint'))
  return {
    at: entry.keyAt,
    what: `exporter ${id} is now ${to} with endpoint ${target}`,
    why: 'the jaeger exporter was removed; Jaeger takes OTLP on port 4317',
    since: '0.85.0',
    apply(text) {
      const endpoint = jaegerOtlp(textAt(readDocument(text).root, 'exporters', id, 'endpoint'))
      const path = formatPath(['exporters', to, 'endpoint'])
      return applyEdits(renameComponent(text, 'exporters', id, to), [{ op: 'set', path, value: endpoint }])
    },
  }
}
