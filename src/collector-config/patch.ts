import { isMap, isSeq, type Node } from 'yaml'
import { LabError } from '../errors.ts'
import { SECTIONS } from './component.ts'
import { readDocument, readValue } from './document.ts'
import { nearest } from './nearest.ts'
import { type ConfigNode, isNil } from './node.ts'
import {
  addEntry,
  addFirstEntry,
  addItem,
  removeItem,
  removePair,
  replaceValue,
  type Spot,
  walk,
} from './patch/edit.ts'
import { formatPath, parsePath } from './patch/path.ts'
import { keyOf, readTree, type Tree } from './patch/tree.ts'
import { type NewValue, newValue, sameValue } from './patch/value.ts'

export type Edit =
  | { op: 'set'; path: string; value: string }
  | { op: 'add'; path: string; value: string }
  | { op: 'remove'; path: string; value?: string }

export interface EditOptions {
  /** `collector`, the default, refuses sections that no collector config has; `any` is for other components' YAML. */
  keys?: 'collector' | 'any'
}

type CheckKeys = (path: string[]) => void

/**
 * Applies edits to YAML text, one after the other. Everything that an edit is not about stays as it is, byte for
 * byte: comments, order, quotes, indentation, line endings. An edit that is already done changes nothing.
 * Values are YAML as typed. Throws LabError `config-syntax`, `bad-path`, `no-such-path`, `config-alias`.
 */
export function applyEdits(text: string, edits: readonly Edit[], options: EditOptions = {}): string {
  const check = options.keys === 'any' ? () => {} : checkKeys
  return edits.reduce((current, edit) => {
    const path = parsePath(edit.path)
    if (edit.op === 'set') return setValue(current, path, newValue(edit.value), check)
    if (edit.op === 'add') return addValue(current, path, edit.value, check)
    return removeValue(current, path, edit.value)
  }, text)
}

function setValue(text: string, path: string[], value: NewValue, check: CheckKeys): string {
  const tree = readTree(text)
  check(path)
  const spot = walk(tree, path)
  if (spot.rest.length === 0) {
    const old = nodeAt(text, path)
    if (old !== undefined && sameValue(old, value.node)) return text
    return proved(replaceValue(tree, spot.holder, spot.node, value, spot.flow), path, value.node)
  }
  return proved(create(tree, spot, value), path, value.node)
}

/** Writes the rest of a path that is not there yet. */
function create(tree: Tree, spot: Spot, value: NewValue): string {
  if (isMap(spot.node)) return addEntry(tree, spot.node, spot.rest, value)
  if (spot.node === null && spot.holder !== undefined) {
    return addFirstEntry(tree, spot.holder, spot.rest, value, spot.flow)
  }
  if (spot.node === null && spot.found.length === 0) {
    const first = spot.rest.map((key, i) => `${' '.repeat(i * 2)}${key}:`).join(tree.eol)
    return `${tree.text}${first} ${value.text}${tree.eol}`
  }
  if (isSeq(spot.node))
    throw noSuchPath(spot, `it is a list of ${spot.node.items.length}`, 'add to it: --add PATH=VALUE')
  throw noSuchPath(spot, 'it holds a plain value', `set it first: otel-lab config show`)
}

function addValue(text: string, path: string[], typed: string, check: CheckKeys): string {
  const tree = readTree(text)
  check(path)
  const spot = walk(tree, path)
  const isList = isListPath(path)
  if (spot.rest.length > 0 || spot.node === null) {
    if (!isList) return addToMap(text, path, typed, check)
    const item = newValue(typed)
    return setValue(
      text,
      path,
      newValue(`[${readValue(`[${item.text}]`, 0) === undefined ? JSON.stringify(typed) : item.text}]`),
      check,
    )
  }
  if (isMap(spot.node)) return addToMap(text, path, typed, check)
  if (!isSeq(spot.node)) throw noSuchPath(spot, 'it is no list and no map', 'change it: --set PATH=VALUE')
  const value = newValue(typed)
  const old = nodeAt(text, path)
  if (old?.kind === 'list' && old.items.some((item) => sameValue(item, value.node))) return text
  const length = spot.node.items.length
  return proved(addItem(tree, spot.node, value), [...path, String(length)], value.node)
}

/** `debug`, or `debug: {verbosity: basic}`: the entries of a map that are not there yet. */
function addToMap(text: string, path: string[], typed: string, check: CheckKeys): string {
  const node = readValue(typed.trim(), 0)
  const single = node?.kind === 'scalar' && node.type === 'string' ? String(node.value) : typed.trim()
  if (single === '') {
    throw new LabError('bad-path', `nothing to add to ${formatPath(path)}`, {
      hint: 'write a key behind the =',
      exit: 1,
    })
  }
  const entries: [string, string][] =
    node?.kind === 'map' ? [...node.entries].map(([key, { value }]) => [key, flowText(value)]) : [[single, '']]
  return entries.reduce((current, [key, value]) => {
    if (nodeAt(current, [...path, key]) !== undefined) return current
    return setValue(current, [...path, key], newValue(value), check)
  }, text)
}

/** JSON is YAML; nulls are left out. */
function flowText(node: ConfigNode): string {
  if (isNil(node)) return ''
  if (node.kind === 'list') return `[${node.items.map(flowText).join(', ')}]`
  if (node.kind === 'map') {
    return `{${[...node.entries].map(([key, { value }]) => `${key}: ${flowText(value)}`).join(', ')}}`
  }
  const text = String(node.value)
  const plain = readValue(`[${text}]`, 0)
  const same = plain?.kind === 'list' && plain.items.length === 1 && sameValue(plain.items[0]!, node)
  return same ? text : JSON.stringify(text)
}

function removeValue(text: string, path: string[], typed?: string): string {
  const tree = readTree(text)
  const spot = walk(tree, path)
  if (spot.rest.length > 1) throw missing(spot)
  if (spot.rest.length === 1) {
    // What is not there need not be removed, unless it was meant to be something that is.
    if (nearest(spot.rest[0]!, keysOf(spot.node)) !== undefined) throw missing(spot)
    return text
  }
  if (typed !== undefined) {
    const old = nodeAt(text, path)
    if (!isSeq(spot.node) || old?.kind !== 'list')
      throw noSuchPath(spot, 'it is no list', 'remove the whole: --remove PATH')
    const index = old.items.findIndex((item) => sameValue(item, newValue(typed).node))
    return index < 0 ? text : checked(removeItem(tree, spot.node, index))
  }
  const parent = walk(tree, path.slice(0, -1)).node
  const last = path.at(-1)!
  if (isSeq(parent)) return checked(removeItem(tree, parent, Number(last)))
  if (isMap(parent)) return checked(removePair(tree, parent, last))
  throw missing(spot)
}

const PIPELINE_KEYS = ['receivers', 'processors', 'exporters']
const isListPath = (path: string[]) =>
  (path.length === 4 && path[0] === 'service' && path[1] === 'pipelines') ||
  (path.length === 2 && path[0] === 'service' && path[1] === 'extensions')

/** Keys that every config has are checked before one is made by a slip. Components' keys are for `validate`. */
function checkKeys(path: string[]): void {
  const places: [number, readonly string[]][] = [[0, [...Object.values(SECTIONS), 'service']]]
  if (path[0] === 'service') places.push([1, ['extensions', 'pipelines', 'telemetry']])
  if (path[0] === 'service' && path[1] === 'pipelines') places.push([3, PIPELINE_KEYS])
  for (const [i, known] of places) {
    const key = path[i]
    if (key === undefined || known.includes(key)) continue
    const near = nearest(key, known)
    throw new LabError('no-such-path', `a collector config has no ${formatPath(path.slice(0, i + 1))}`, {
      hint: near === undefined ? `there are: ${known.join(', ')}` : `did you mean ${near}?`,
      exit: 1,
    })
  }
}

function keysOf(node: Node | null): string[] {
  if (isMap(node)) return node.items.map(keyOf)
  return isSeq(node) ? node.items.map((_, i) => String(i)) : []
}

function missing(spot: Spot): LabError {
  const keys = keysOf(spot.node)
  const near = nearest(spot.rest[0]!, keys)
  const where = spot.found.length === 0 ? 'the config' : formatPath(spot.found)
  const hint =
    near !== undefined ? `did you mean ${near}?` : keys.length > 0 ? `there are: ${keys.join(', ')}` : 'it is empty'
  return new LabError('no-such-path', `${where} has no ${spot.rest[0]}`, { hint, exit: 1 })
}

function noSuchPath(spot: Spot, why: string, hint: string): LabError {
  return new LabError(
    'no-such-path',
    `${formatPath([...spot.found, ...spot.rest])} cannot be: ${formatPath(spot.found)}: ${why}`,
    {
      hint,
      exit: 1,
    },
  )
}

/** The value at a path, by meaning. */
function nodeAt(text: string, path: string[]): ConfigNode | undefined {
  let node = readDocument(text).root
  for (const part of path) {
    if (node?.kind === 'map') node = node.entries.get(part)?.value
    else if (node?.kind === 'list') node = node.items[Number(part)]
    else return undefined
  }
  return node
}

/** An edit that did not do what it says is a bug of ours; better no edit than a wrong one. */
function proved(text: string, path: string[], value: ConfigNode): string {
  const now = nodeAt(checked(text), path)
  if (now === undefined || !sameValue(now, value)) throw new Error(`the edit of ${formatPath(path)} went wrong`)
  return text
}

function checked(text: string): string {
  const [fault] = readDocument(text).diagnostics
  if (fault !== undefined) throw new Error(`the edit made a text that is no YAML: ${fault.message}`)
  return text
}
