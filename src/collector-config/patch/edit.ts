import { type Alias, isAlias, isMap, isPair, isScalar, isSeq, type Node, type YAMLMap, type YAMLSeq } from 'yaml'
import { LabError } from '../../errors.ts'
import {
  type BlockPair,
  childOf,
  colonEnd,
  columnOf,
  dashOf,
  endOf,
  endOfItem,
  endOfPair,
  isEmpty,
  lineEnd,
  lineStart,
  pairOf,
  splice,
  startOf,
  type Tree,
} from './tree.ts'
import { inFlow, inQuotesOf, keyText, type NewValue } from './value.ts'

/** Puts `value` where `node` is, of which only its own text changes. */
export function replaceValue(
  tree: Tree,
  holder: BlockPair | undefined,
  node: Node | null,
  value: NewValue,
  flow: boolean,
): string {
  const { text, eol } = tree
  const quoted = node === null ? value.text : inQuotesOf(node, value)
  const words = flow ? inFlow({ ...value, text: quoted }) : quoted
  if (node === null || isEmpty(node)) {
    const at = holder === undefined ? startOf(node!) : colonEnd(holder)
    return splice(text, at, at, words === '' ? '' : ` ${words}`)
  }
  if ((isMap(node) || isSeq(node)) && !node.flow && holder !== undefined) {
    // The block goes, line by line; a comment behind the key stays.
    const at = colonEnd(holder)
    const rest = splice(text, lineStart(text, contentStart(node)), lineEnd(text, endOf(node)), '')
    return splice(rest, at, at, words === '' ? '' : ` ${words}`)
  }
  const end = node.range![1]
  const broken = text[end - 1] === '\n' ? eol : ''
  return splice(text, startOf(node), end, words + broken)
}

function contentStart(node: YAMLMap | YAMLSeq): number {
  return isSeq(node) ? dashOf(node, 0) : startOf(node.items[0]!.key as Node)
}

/** Adds `keys[0]: {keys[1]: ... value}` behind the last entry of a map, in the map's own style. */
export function addEntry(tree: Tree, map: YAMLMap, keys: string[], value: NewValue): string {
  const { text, eol, step } = tree
  if (map.flow || map.items.length === 0) {
    const entry = flowEntry(keys, value, tree.json)
    return addToFlow(text, map, entry, map.items.at(-1) as BlockPair | undefined)
  }
  const last = map.items.at(-1) as BlockPair
  const indent = columnOf(text, startOf(map.items[0]!.key as Node))
  return insertLines(text, lineEnd(text, endOfPair(last)), blockEntry(keys, value, indent, step), eol)
}

/** Adds the first entry below a key that has no value. */
export function addFirstEntry(
  tree: Tree,
  holder: BlockPair,
  keys: string[],
  value: NewValue,
  inFlowMap: boolean,
): string {
  const { text, eol, step } = tree
  if (inFlowMap) return splice(text, colonEnd(holder), colonEnd(holder), ` {${flowEntry(keys, value, tree.json)}}`)
  const indent = columnOf(text, startOf(holder.key)) + step
  return insertLines(text, lineEnd(text, colonEnd(holder)), blockEntry(keys, value, indent, step), eol)
}

function blockEntry(keys: string[], value: NewValue, indent: number, step: number): string[] {
  return keys.map((key, i) => {
    const line = `${' '.repeat(indent + i * step)}${keyText(key)}:`
    return i < keys.length - 1 || value.text === '' ? line : `${line} ${value.text}`
  })
}

function flowEntry(keys: string[], value: NewValue, json: boolean): string {
  const [key, ...rest] = keys
  const inner = rest.length > 0 ? `{${flowEntry(rest, value, json)}}` : inFlow(value)
  return inner === '' ? `${keyText(key!, json)}:` : `${keyText(key!, json)}: ${inner}`
}

function insertLines(text: string, at: number, lines: string[], eol: string): string {
  // The last line of a file may lack its line break.
  const before = at === text.length && at > 0 && text[at - 1] !== '\n' ? eol : ''
  const after = before === '' ? eol : ''
  return splice(text, at, at, before + lines.join(eol) + after)
}

/** Adds an item behind the last one of a list, in the list's own style. */
export function addItem(tree: Tree, list: YAMLSeq, value: NewValue): string {
  const { text, eol } = tree
  if (list.flow || list.items.length === 0)
    return addToFlow(text, list, inFlow(value), list.items.at(-1) as Node | undefined)
  const last = list.items.length - 1
  const dash = dashOf(list, last)
  const gap = /^-([ ]*)/.exec(text.slice(dash))![1] || ' '
  const line = `${' '.repeat(columnOf(text, dash))}-${gap}${value.text}`
  return insertLines(text, lineEnd(text, endOfItem(list, last)), [line], eol)
}

function addToFlow(text: string, node: YAMLMap | YAMLSeq, entry: string, last: Node | BlockPair | undefined): string {
  const close = node.range![1] - 1
  if (last === undefined) return splice(text, startOf(node) + 1, close, entry)
  const end = isPair(last) ? endOfPair(last) : endOf(last)
  const start = startOf(isPair(last) ? last.key : last)
  const hasComma = text.slice(end, close).replace(/#.*/g, '').trim().startsWith(',')
  // Items on lines of their own get a line of their own.
  const ownLine = text.slice(lineStart(text, start), start).trim() === ''
  if (!ownLine) return splice(text, end, end, `, ${entry}`)
  const indent = ' '.repeat(columnOf(text, start))
  const eol = text.includes('\r\n') ? '\r\n' : '\n'
  const at = lineEnd(text, end)
  const added = splice(text, at, at, `${indent}${entry}${hasComma ? ',' : ''}${eol}`)
  return hasComma ? added : splice(added, end, end, ',')
}

export function removePair(tree: Tree, map: YAMLMap, key: string): string {
  const { text } = tree
  const index = (map.items as BlockPair[]).indexOf(pairOf(map, key)!)
  const pair = map.items[index] as BlockPair
  const start = startOf(pair.key)
  const next = map.items[index + 1] as BlockPair | undefined
  if (map.flow) {
    const before = map.items[index - 1] as BlockPair | undefined
    return removeFromFlow(text, map, [start, endOfPair(pair)], before && endOfPair(before), next && startOf(next.key))
  }
  const from = lineStart(text, start)
  if (text.slice(from, start).trim() === '') return splice(text, from, lineEnd(text, endOfPair(pair)), '')
  // The first key of a list item shares its line with the dash.
  return splice(text, start, next === undefined ? endOfPair(pair) : startOf(next.key), next === undefined ? '{}' : '')
}

export function removeItem(tree: Tree, list: YAMLSeq, index: number): string {
  const { text } = tree
  const item = list.items[index] as Node
  if (list.flow) {
    const before = list.items[index - 1] as Node | undefined
    const next = list.items[index + 1] as Node | undefined
    return removeFromFlow(text, list, [startOf(item), endOf(item)], before && endOf(before), next && startOf(next))
  }
  const dash = dashOf(list, index)
  const from = lineStart(text, dash)
  if (text.slice(from, dash).trim() !== '') {
    throw new LabError('config-edit', 'this list begins on the line of another; edit it by hand', { exit: 1 })
  }
  return splice(text, from, lineEnd(text, endOfItem(list, index)), '')
}

function removeFromFlow(
  text: string,
  node: Node,
  [start, end]: [number, number],
  before?: number,
  next?: number,
): string {
  if (next !== undefined) return splice(text, start, next, '')
  if (before !== undefined) return splice(text, before, end, '')
  return splice(text, startOf(node) + 1, node.range![1] - 1, '')
}

/** The node at a path with the pair that holds it; stops with `rest` where the path leaves the document. */
export interface Spot {
  /** The deepest node that exists; null when a key has no value. */
  node: Node | null
  /** The pair whose value `node` is; undefined for the root and for list items. */
  holder: BlockPair | undefined
  found: string[]
  rest: string[]
  flow: boolean
  /** The path ends at this alias, or would lead through it. */
  alias?: Alias
}

export function walk(tree: Tree, path: string[]): Spot {
  let node = (tree.yaml.contents as Node | null) ?? null
  let holder: BlockPair | undefined
  let flow = false
  for (const [i, part] of path.entries()) {
    const stop = { holder, found: path.slice(0, i), rest: path.slice(i), flow }
    if (isAlias(node)) return { ...stop, node: null, alias: node }
    const child = childOf(node, part)
    if (isMap(node) || isSeq(node)) flow ||= node.flow === true
    if (child === undefined) return { ...stop, flow, node: bare(node, holder) }
    holder = isMap(node) ? pairOf(node, part) : undefined
    node = child
  }
  const end = { holder, found: path, rest: [], flow }
  if (isAlias(node)) return { ...end, node: null, alias: node }
  return { ...end, node: bare(node, holder) }
}

/** Null for a key with nothing behind it. */
function bare(node: Node | null, holder: BlockPair | undefined): Node | null {
  return isScalar(node) && isEmpty(node) && holder !== undefined ? null : node
}
