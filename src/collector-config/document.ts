import { type Document, isAlias, isMap, isScalar, isSeq, LineCounter, type Node, Scalar } from 'yaml'
import { aliasFault, boundedDocument } from '../util/yaml.ts'
import type { Diagnostic } from './model.ts'
import type { ConfigNode, MapEntry } from './node.ts'
import { typeOfPlain } from './scalar.ts'
import { yamlFault } from './yaml-fault.ts'

/** Bounds on what aliases and values of variables may make of it. */
const LIMITS = { depth: 64, nodes: 100_000 } as const

export interface ConfigDocument {
  text: string
  /** The yaml package's document, without type resolution: every scalar is its text. */
  yaml: Document
  /** Absent when the text is not YAML, or nothing but comments. */
  root?: ConfigNode
  diagnostics: Diagnostic[]
  /** Offset -> line and column, from 1. */
  place(offset: number): { line: number; column: number }
}

/** Reads YAML text. Never throws: what is wrong is in `diagnostics`. */
export function readDocument(text: string): ConfigDocument {
  const lines = new LineCounter()
  const place = (offset: number) => {
    const { line, col } = lines.linePos(Math.max(0, offset))
    return { line: Math.max(1, line), column: Math.max(1, col) }
  }
  const options = { schema: 'failsafe', uniqueKeys: false, prettyErrors: false, logLevel: 'silent' } as const
  const yaml = boundedDocument(text, { ...options, lineCounter: lines, keepSourceTokens: true })
  const diagnostics: Diagnostic[] = []
  const [error] = yaml.errors
  if (error?.code === 'RESOURCE_EXHAUSTION') {
    diagnostics.push({ severity: 'error', message: `yaml: ${error.message}`, line: 1, column: 1 })
  } else if (error !== undefined) {
    const { words, hint, at } = yamlFault(error, text)
    const { line, column } = place(at)
    diagnostics.push({ severity: 'error', message: `yaml: line ${line}: ${words}`, line, column, hint })
  }
  const aliases = diagnostics.length > 0 ? undefined : aliasFault(yaml)
  if (aliases) {
    const { line, column } = place(aliases.at)
    diagnostics.push({ severity: 'error', message: `yaml: ${aliases.words}`, line, column })
  }
  if (diagnostics.length > 0 || yaml.contents === null) return { text, yaml, diagnostics, place }
  const budget = { nodes: LIMITS.nodes }
  const report = (message: string, at: number) => diagnostics.push({ severity: 'error', message, ...place(at) })
  const root = toNode(yaml.contents as Node, { yaml, budget, report, place, depth: 0 })
  return { text, yaml, root, diagnostics, place }
}

/** Parses the text of one value, such as an environment variable's; undefined when it is not YAML. */
export function readValue(text: string, at: number): ConfigNode | undefined {
  const document = readDocument(text)
  if (document.diagnostics.length > 0) return undefined
  return document.root === undefined ? { kind: 'scalar', type: 'nil', value: null, at } : moved(document.root, at)
}

function moved(node: ConfigNode, at: number): ConfigNode {
  if (node.kind === 'list') return { ...node, at, items: node.items.map((item) => moved(item, at)) }
  if (node.kind === 'scalar') return { ...node, at }
  const entries = [...node.entries].map(([key, entry]): [string, MapEntry] => [
    key,
    { keyAt: at, value: moved(entry.value, at) },
  ])
  return { ...node, at, entries: new Map(entries) }
}

interface Reading {
  yaml: Document
  budget: { nodes: number }
  report(message: string, at: number): void
  place(offset: number): { line: number }
  depth: number
}

function toNode(node: Node | null, reading: Reading): ConfigNode {
  const at = node?.range?.[0] ?? 0
  if (--reading.budget.nodes === 0) reading.report('yaml: document contains excessive aliasing', at)
  if (reading.depth > LIMITS.depth && reading.budget.nodes > 0) {
    reading.report('yaml: exceeded max depth', at)
    reading.budget.nodes = 0
  }
  const nil: ConfigNode = { kind: 'scalar', type: 'nil', value: null, at }
  if (node === null || reading.budget.nodes <= 0) return nil
  const deeper = { ...reading, depth: reading.depth + 1 }
  if (isAlias(node)) {
    const target = node.resolve(reading.yaml)
    if (target !== undefined) return toNode(target as Node, deeper)
    reading.report(`yaml: unknown anchor '${node.source}' referenced`, at)
    return nil
  }
  if (isSeq(node)) return { kind: 'list', at, items: node.items.map((item) => toNode(item as Node, deeper)) }
  if (isMap(node)) return { kind: 'map', at, entries: entriesOf(node.items as Pairs, deeper) }
  if (!isScalar(node)) return nil
  const text = String(node.value ?? '')
  const quoted = node.type !== Scalar.PLAIN || node.tag === '!!str' || node.tag === 'tag:yaml.org,2002:str'
  return { kind: 'scalar', at, ...(quoted ? { type: 'string', value: text } : typeOfPlain(text)) }
}

type Pairs = { key: Node; value: Node | null }[]

function entriesOf(pairs: Pairs, reading: Reading): Map<string, MapEntry> {
  const entries = new Map<string, MapEntry>()
  const merged: ConfigNode[] = []
  for (const { key, value } of pairs) {
    const keyAt = key?.range?.[0] ?? 0
    const name = isScalar(key) ? String(key.value ?? '') : String(key)
    // `value` is null after a key with nothing behind it; place it at the key then.
    const node = value === null ? toNode(null, reading) : toNode(value, reading)
    if (value === null) node.at = keyAt
    if (name === '<<' && isScalar(key) && key.type === Scalar.PLAIN) {
      merged.push(...(node.kind === 'list' ? node.items : [node]))
      continue
    }
    const before = entries.get(name)
    if (before !== undefined) {
      const { line } = reading.place(keyAt)
      reading.report(
        `yaml: unmarshal errors:\n  line ${line}: mapping key "${name}" already defined at line ${reading.place(before.keyAt).line}`,
        keyAt,
      )
    }
    entries.set(name, { keyAt, value: node })
  }
  // Keys of `<<` fill in what the map itself does not say.
  for (const source of merged) {
    if (source.kind !== 'map') continue
    for (const [name, entry] of source.entries) if (!entries.has(name)) entries.set(name, entry)
  }
  return entries
}
