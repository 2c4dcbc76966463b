import { isDeepStrictEqual } from 'node:util'
import { isMap, isScalar, isSeq, type Node } from 'yaml'
import { EXIT, LabError } from '../errors.ts'
import { nearest } from '../util/nearest.ts'
import { readValue } from './document.ts'
import {
  afterEdit,
  BYTE_ORDER_MARK,
  type DataEdit,
  differences,
  isMapping,
  meaningOf,
  valueAt,
  withoutMark,
} from './effect.ts'
import { plainOf } from './node.ts'
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
import { checkKeys, isListPath } from './patch/known-keys.ts'
import { formatPath, parsePath } from './patch/path.ts'
import { colonEnd, keyOf, readTree, splice, type Tree } from './patch/tree.ts'
import { dataValue, type NewValue, newValue } from './patch/value.ts'

export type Edit =
  | { op: 'set'; path: string; value: string }
  | { op: 'add'; path: string; value: string }
  | { op: 'remove'; path: string; value?: string }

export interface EditOptions {
  /** `collector`, the default, refuses sections that no collector config has; `any` is for other components' YAML. */
  keys?: 'collector' | 'any'
}

/**
 * Applies edits to YAML text, one after the other. Everything that an edit is not about stays as it is, byte for
 * byte: comments, order, quotes, indentation, line endings; JSON stays JSON. Each edit is proven by its effect: what
 * the text says afterwards, anchors and merge keys resolved, differs by what was asked and nothing else. An edit that
 * is already done changes nothing. Values are YAML as typed.
 * Throws LabError `config-syntax`, `bad-path`, `no-such-path`, `config-edit`.
 */
export function applyEdits(text: string, edits: readonly Edit[], options: EditOptions = {}): string {
  const { keys = 'collector' } = options
  const mark = text.startsWith(BYTE_ORDER_MARK) ? BYTE_ORDER_MARK : ''
  return mark + edits.reduce((current, edit) => applyOne(current, edit, keys === 'collector'), withoutMark(text))
}

function applyOne(text: string, edit: Edit, isCollector: boolean): string {
  const path = parsePath(edit.path)
  const tree = readTree(text)
  if (isCollector && edit.op !== 'remove') checkKeys(path)
  const wanted = dataEdit(edit, path)
  const before = meaningOf(text)
  const after = afterEdit(before, wanted)
  const written = write(tree, wanted, after, edit)
  // A value set where an alias stands is to be its own from now on, the same or not.
  const spot = walk(tree, path)
  const detaches = edit.op === 'set' && spot.alias !== undefined && spot.rest.length === 0
  if (isDeepStrictEqual(before, after) && !detaches) return text
  const now = meaningOf(written)
  if (now !== undefined && isDeepStrictEqual(now, after)) return written
  throw notExact(path, now, after)
}

/** The edit as what it is about: data. */
function dataEdit(edit: Edit, path: string[]): DataEdit {
  const asList = isListPath(path)
  if (edit.op === 'set') return { op: 'set', path, value: plainOf(newValue(edit.value).node) }
  if (edit.op === 'remove') {
    const { value } = edit
    return {
      op: 'remove',
      path,
      only: value !== undefined,
      ...(value === undefined ? {} : { value: plainOf(newValue(value).node) }),
    }
  }
  const typed = edit.value.trim()
  const node = readValue(typed, 0)
  const data = node === undefined ? typed : plainOf(node)
  if (data === null || data === '') {
    const hint = 'write a key behind the ='
    throw new LabError('bad-path', `nothing to add to ${formatPath(path)}`, { hint, exit: EXIT.failed })
  }
  const entries = isMapping(data) ? data : { [node?.kind === 'scalar' ? String(data) : typed]: null }
  return { op: 'add', path, item: plainOf(newValue(typed).node), entries, asList }
}

/** The text after an edit. How it is written depends on what stands there; whether it is right is proven afterwards. */
function write(tree: Tree, wanted: DataEdit, after: unknown, edit: Edit): string {
  const { path } = wanted
  const spot = walk(tree, path)
  if (spot.alias) return writeOverAlias(tree, spot, after)
  // A key that says null in a word: as if nothing were there.
  if (isNull(spot.node) && spot.holder && (spot.rest.length > 0 || wanted.op === 'add')) {
    const { text } = tree
    return write(readTree(splice(text, colonEnd(spot.holder), spot.node!.range![1], '')), wanted, after, edit)
  }
  if (wanted.op === 'remove') return remove(tree, spot, wanted)
  const inherited = spot.rest.length > 0 && valueAt(meaningOf(tree.text), [...spot.found, spot.rest[0]!]) !== undefined
  if (inherited && isMap(spot.node)) {
    // It comes from a merge key: said here, it must be said whole.
    const here = [...spot.found, spot.rest[0]!]
    return addEntry(tree, spot.node, [spot.rest[0]!], dataValue(valueAt(after, here), tree.json))
  }
  if (wanted.op === 'set') return setAt(tree, spot, typedValue(edit.value!, tree))
  const target = valueAt(after, path)
  if (isSeq(spot.node) && spot.rest.length === 0) return addItem(tree, spot.node, typedValue(edit.value!, tree))
  if (!isMapping(target)) {
    if (spot.rest.length > 0 || spot.node === null) return setAt(tree, spot, dataValue(target, tree.json))
    throw noSuchPath(spot, 'it is no list and no map', 'change it: --set PATH=VALUE')
  }
  if (spot.rest.length === 0 && spot.node !== null && !isMap(spot.node))
    throw noSuchPath(spot, 'it is no list and no map', 'change it: --set PATH=VALUE')
  return addToMap(tree.text, path, wanted.entries)
}

function setAt(tree: Tree, spot: Spot, value: NewValue): string {
  if (spot.rest.length === 0) return replaceValue(tree, spot.holder, spot.node, value, spot.flow)
  return create(tree, spot, value)
}

/** As typed, where that is YAML and the file is no JSON. */
function typedValue(typed: string, tree: Tree): NewValue {
  const value = newValue(typed)
  return tree.json ? dataValue(plainOf(value.node), true) : value
}

/** Only this place is to change: the alias gives way to the merged map, or to the whole value. */
function writeOverAlias(tree: Tree, spot: Spot, after: unknown): string {
  const value = valueAt(after, spot.found)
  const [key] = spot.rest
  const whole = dataValue(value, tree.json).text
  const text =
    key !== undefined && isMapping(value) && value[key] !== undefined
      ? `{<<: *${spot.alias!.source}, ${dataValue({ [key]: value[key] }, false).text.slice(1)}`
      : whole
  const [start, end] = spot.alias!.range!
  const put = (words: string) => splice(tree.text, start, end, words)
  return isDeepStrictEqual(meaningOf(put(text)), after) ? put(text) : put(whole)
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

/** `debug`, or `debug: {verbosity: basic}`: the entries of a map that are not there yet. */
function addToMap(text: string, path: string[], entries: Record<string, unknown>): string {
  return Object.entries(entries).reduce((current, [key, data]) => {
    const tree = readTree(current)
    const spot = walk(tree, [...path, key])
    if (spot.rest.length === 0) return current
    const bare = data === null && !tree.json
    return create(tree, spot, bare ? { ...dataValue(null, false), text: '' } : dataValue(data, tree.json))
  }, text)
}

function remove(tree: Tree, spot: Spot, { path, value, only }: Extract<DataEdit, { op: 'remove' }>): string {
  if (spot.rest.length > 0 && valueAt(meaningOf(tree.text), path) !== undefined) {
    throw new LabError('config-edit', `${formatPath(path)} comes from a merge key (<<) and cannot be removed here`, {
      hint: 'Remove it where the anchor (&) stands, or write this map out without <<',
      exit: EXIT.failed,
    })
  }
  if (spot.rest.length > 1) throw missing(spot)
  if (spot.rest.length === 1) {
    // What is not there need not be removed, unless it was meant to be something that is.
    if (nearest(spot.rest[0]!, keysOf(spot.node)) !== undefined) throw missing(spot)
    return tree.text
  }
  if (only) {
    const old = valueAt(meaningOf(tree.text), path)
    if (!isSeq(spot.node) || !Array.isArray(old))
      throw noSuchPath(spot, 'it is no list', 'remove the whole: --remove PATH')
    const index = old.findIndex((item) => isDeepStrictEqual(item, value))
    return index < 0 ? tree.text : removeItem(tree, spot.node, index)
  }
  const parent = walk(tree, path.slice(0, -1)).node
  const last = path.at(-1)!
  if (isSeq(parent)) return removeItem(tree, parent, Number(last))
  if (isMap(parent)) return removePair(tree, parent, last)
  throw missing(spot)
}

function isNull(node: Node | null): boolean {
  return isScalar(node) && node.type === 'PLAIN' && !node.anchor && /^(~|null|Null|NULL)$/.test(String(node.value))
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
  return new LabError('no-such-path', `${where} has no ${spot.rest[0]}`, { hint, exit: EXIT.failed })
}

function noSuchPath(spot: Spot, why: string, hint: string): LabError {
  const message = `${formatPath([...spot.found, ...spot.rest])} cannot be: ${formatPath(spot.found)}: ${why}`
  return new LabError('no-such-path', message, { hint, exit: EXIT.failed })
}

/** Better no edit than one that says something else than was asked. */
function notExact(path: string[], now: unknown, wanted: unknown): LabError {
  const where = formatPath(path)
  const others =
    now === undefined
      ? []
      : differences(wanted, now)
          .map(formatPath)
          .filter((other) => other !== where)
  const [first, ...rest] = others
  const more = rest.length > 0 ? `, and ${rest.length} more places` : ''
  if (first === undefined) {
    return new LabError('config-edit', `${where} cannot be changed safely in this layout; nothing was written`, {
      hint: 'Edit that place by hand, then look: otel-lab config validate',
      exit: EXIT.failed,
    })
  }
  return new LabError('config-edit', `to change ${where} would change ${first}${more} too; nothing was written`, {
    hint: `They share one text by an anchor (&). Give ${first} its own first: otel-lab config patch --set '${first}=...'`,
    exit: EXIT.failed,
  })
}
