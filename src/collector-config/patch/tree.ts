import { type Document, isMap, isScalar, isSeq, type Node, type Pair, type YAMLMap, type YAMLSeq } from 'yaml'
import { LabError } from '../../errors.ts'
import { readDocument } from '../document.ts'

/** A YAML text with what an edit needs to know of it. Offsets are into `text`. */
export interface Tree {
  text: string
  yaml: Document
  /** `\n` or `\r\n`, as the file has it. */
  eol: string
  /** Columns that one level is indented by. */
  step: number
  /** It is JSON, and is to stay so. */
  json: boolean
}

export type BlockPair = Pair<Node, Node | null>

export function readTree(text: string): Tree {
  const { yaml, diagnostics } = readDocument(text)
  const [fault] = diagnostics
  if (fault !== undefined) {
    throw new LabError('config-syntax', `the config cannot be edited: ${fault.message}`, {
      hint: `mend line ${fault.line} first, then look: otel-lab config validate`,
      exit: 1,
    })
  }
  const eol = /\r\n/.test(text) ? '\r\n' : '\n'
  return { text, yaml, eol, step: stepOf(text, yaml.contents as Node | null), json: isJson(text) }
}

function isJson(text: string): boolean {
  if (!/^\s*\{/.test(text)) return false
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

function stepOf(text: string, root: Node | null): number {
  if (!isMap(root) || root.flow) return 2
  for (const { value } of root.items) {
    if (isMap(value) && !value.flow && value.items.length > 0) {
      const step = columnOf(text, startOf(value.items[0]!.key as Node))
      if (step > 0) return step
    }
  }
  return 2
}

export const startOf = (node: Node): number => node.range![0]

export function columnOf(text: string, offset: number): number {
  return offset - (text.lastIndexOf('\n', offset - 1) + 1)
}

export function keyOf(pair: { key: unknown }): string {
  return isScalar(pair.key) ? String(pair.key.value ?? '') : String(pair.key)
}

export function pairOf(map: YAMLMap, key: string): BlockPair | undefined {
  return (map.items as BlockPair[]).find((pair) => keyOf(pair) === key)
}

/** No value behind the key, or an empty one: a collection can take its place. */
export function isEmpty(node: Node | null | undefined): boolean {
  return node === null || node === undefined || (isScalar(node) && node.source === '' && !node.tag && !node.anchor)
}

/** Where the node's own text ends, without comments or blank lines behind it. */
export function endOf(node: Node): number {
  if ((isMap(node) || isSeq(node)) && !node.flow && node.items.length > 0) {
    const last = node.items.at(-1)
    return isMap(node) ? endOfPair(last as BlockPair) : endOfItem(node, node.items.length - 1)
  }
  return node.range![1]
}

export function endOfPair(pair: BlockPair): number {
  return isEmpty(pair.value) ? colonEnd(pair) : endOf(pair.value!)
}

export function endOfItem(seq: YAMLSeq, index: number): number {
  const item = seq.items[index] as Node
  return isEmpty(item) ? dashOf(seq, index) + 1 : endOf(item)
}

/** Behind the `:` of a pair; behind its key where there is none, as in `{a, b}`. */
export function colonEnd(pair: BlockPair): number {
  const token = (pair.srcToken as { sep?: { type: string; offset: number }[] } | undefined)?.sep
  const colon = token?.find(({ type }) => type === 'map-value-ind')
  return colon === undefined ? pair.key.range![1] : colon.offset + 1
}

/** The `-` of a block list's item. */
export function dashOf(seq: YAMLSeq, index: number): number {
  const items = (seq.srcToken as { items: { start: { type: string; offset: number }[] }[] }).items
  return items[index]!.start.find(({ type }) => type === 'seq-item-ind')!.offset
}

/** Behind the line break that ends the line of `offset`. A block text ends with its own line break. */
export function lineEnd(text: string, offset: number): number {
  if (text[offset - 1] === '\n') return offset
  const end = text.indexOf('\n', offset)
  return end < 0 ? text.length : end + 1
}

export function lineStart(text: string, offset: number): number {
  return text.lastIndexOf('\n', offset - 1) + 1
}

export function splice(text: string, from: number, to: number, insert: string): string {
  return text.slice(0, from) + insert + text.slice(to)
}

/** The child of a node, or undefined. */
export function childOf(node: Node | null | undefined, part: string): Node | null | undefined {
  if (isMap(node)) {
    const pair = pairOf(node, part)
    return pair === undefined ? undefined : (pair.value ?? null)
  }
  if (isSeq(node)) return /^\d+$/.test(part) ? (node.items[Number(part)] as Node | undefined) : undefined
  return undefined
}
