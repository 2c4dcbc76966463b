import { type Document, isAlias, isMap, isScalar, isSeq, LineCounter, type Node, parseDocument, Scalar } from 'yaml'
import type { Diagnostic } from './model.ts'
import type { ConfigNode, MapEntry } from './node.ts'
import { typeOfPlain } from './scalar.ts'
import { yamlFault } from './yaml-fault.ts'

/** Bounds on what we read: a config is a page or two, anything bigger is a mistake or an attack. */
const LIMITS = { bytes: 1024 * 1024, depth: 64, nodes: 100_000 } as const

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
  if (Buffer.byteLength(text) > LIMITS.bytes) {
    const yaml = parseDocument('')
    const message = `the config is larger than ${LIMITS.bytes / 1024} KiB`
    return { text, yaml, diagnostics: [{ severity: 'error', message, line: 1, column: 1 }], place }
  }
  const yaml = parse(text, lines)
  if (yaml === undefined) {
    const diagnostic: Diagnostic = { severity: 'error', message: 'yaml: exceeded max depth', line: 1, column: 1 }
    return { text, yaml: parseDocument(''), diagnostics: [diagnostic], place }
  }
  const diagnostics: Diagnostic[] = []
  const [error] = yaml.errors
  if (error !== undefined) {
    const { words, hint, at } = yamlFault(error, text)
    const { line, column } = place(at)
    diagnostics.push({ severity: 'error', message: `yaml: line ${line}: ${words}`, line, column, hint })
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

function parse(text: string, lineCounter: LineCounter): Document | undefined {
  const options = { schema: 'failsafe', uniqueKeys: false, prettyErrors: false, logLevel: 'silent' } as const
  try {
    return parseDocument(text, { ...options, lineCounter, keepSourceTokens: true })
  } catch (error) {
    // The parser recurses: text that nests thousands deep exhausts the stack.
    if (error instanceof RangeError) return undefined
    throw error
  }
}
