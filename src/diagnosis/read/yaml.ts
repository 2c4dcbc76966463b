import { isMap, isScalar, isSeq, LineCounter, type Node } from 'yaml'
import { boundedDocument } from '../../util/yaml.ts'

/** A value of a YAML file, and on which line its key stands. */
export interface Read {
  value: unknown
  /** Lines of the keys of this map; counts from 1. */
  lines: Record<string, number>
  /** The same for a map below a key. */
  below(key: string): Read
}

const MAX_ALIASES = 100
const NOTHING: Read = { value: undefined, lines: {}, below: () => NOTHING }

/** A config as it stands, whatever its components are; undefined when it is no YAML. */
export function readYaml(text: string): Read | undefined {
  const counter = new LineCounter()
  const document = boundedDocument(text, { lineCounter: counter, logLevel: 'silent' })
  if (document.errors.length > 0) return undefined
  try {
    return readNode(document.contents, document.toJS({ maxAliasCount: MAX_ALIASES }), counter)
  } catch {
    return undefined
  }
}

function readNode(node: Node | null | undefined, value: unknown, counter: LineCounter): Read {
  if (!isMap(node)) return { ...NOTHING, value }
  const lines: Record<string, number> = {}
  const nodes = new Map<string, Node | null>()
  for (const { key, value: child } of node.items) {
    if (!isScalar(key) || typeof key.value !== 'string') continue
    lines[key.value] = counter.linePos(key.range?.[0] ?? 0).line
    nodes.set(key.value, isMap(child) || isSeq(child) || isScalar(child) ? child : null)
  }
  return {
    value,
    lines,
    below: (key) => readNode(nodes.get(key), (value as Record<string, unknown> | undefined)?.[key], counter),
  }
}
