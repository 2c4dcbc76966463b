/**
 * A YAML value with its place in the file, typed as the collector's YAML library types it. `original` is the
 * text of a value that came whole from `${env:X}`: a string field takes that, any other field the parsed value.
 */
export type ConfigNode = ScalarNode | MapNode | ListNode

interface Common {
  /** Offset of the value in the text, in UTF-16 code units. */
  at: number
  original?: string
}

export type ScalarType = 'string' | 'int' | 'float64' | 'bool' | 'nil' | 'time.Time'

export interface ScalarNode extends Common {
  kind: 'scalar'
  type: ScalarType
  /** A time keeps its text. */
  value: string | number | boolean | null
}

export interface MapEntry {
  /** Offset of the key. */
  keyAt: number
  value: ConfigNode
}

export interface MapNode extends Common {
  kind: 'map'
  entries: Map<string, MapEntry>
}

export interface ListNode extends Common {
  kind: 'list'
  items: ConfigNode[]
}

/** The value as plain data: what an `any` field gets. */
export function plainOf(node: ConfigNode): unknown {
  if (node.kind === 'list') return node.items.map(plainOf)
  if (node.kind === 'map') return Object.fromEntries([...node.entries].map(([k, e]) => [k, plainOf(e.value)]))
  return node.value
}

/** Go's name of the type, as it stands in decoding errors. */
export function goTypeOf(node: ConfigNode): string {
  if (node.kind === 'list') return '[]interface {}'
  if (node.kind === 'map') return 'map[string]interface {}'
  return node.type === 'nil' ? '<nil>' : node.type
}

export function stringNode(value: string, at: number): ScalarNode {
  return { kind: 'scalar', type: 'string', value, at }
}

export function isNil(node: ConfigNode | undefined): boolean {
  return node === undefined || (node.kind === 'scalar' && node.type === 'nil')
}
