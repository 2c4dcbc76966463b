import { isDeepStrictEqual } from 'node:util'
import { readDocument } from './document.ts'
import { plainOf } from './node.ts'

/** What a YAML text says, as plain data: anchors and merge keys resolved, comments and layout gone. */
export function meaningOf(text: string): unknown {
  const { root, diagnostics } = readDocument(withoutMark(text))
  if (diagnostics.length > 0) return undefined
  return root === undefined ? null : plainOf(root)
}

/** Whether two texts say the same. A text that cannot be read says only what it is. */
export function sameMeaning(a: string, b: string): boolean {
  if (a === b) return true
  const meaning = meaningOf(a)
  return meaning !== undefined && isDeepStrictEqual(meaning, meaningOf(b))
}

/** The byte order mark that some editors put in front. */
export const BYTE_ORDER_MARK = '\uFEFF'

export function withoutMark(text: string): string {
  return text.startsWith(BYTE_ORDER_MARK) ? text.slice(1) : text
}

/** An edit of the data itself. Paths and values are read already. */
export type DataEdit =
  | { op: 'set'; path: string[]; value: unknown }
  /** `item` is what a list gets, `entries` what a map gets: `a: b` is a text in the one and a key in the other. */
  | { op: 'add'; path: string[]; item: unknown; entries: Record<string, unknown>; asList: boolean }
  | { op: 'remove'; path: string[]; value?: unknown; only: boolean }

/** What a text is to say after an edit, whatever way it is written. */
export function afterEdit(meaning: unknown, edit: DataEdit): unknown {
  return change(meaning, edit.path, (old) => {
    if (edit.op === 'set') return edit.value
    if (edit.op === 'remove') {
      if (!edit.only) return GONE
      return Array.isArray(old) ? without(old, edit.value) : old
    }
    return added(old, edit)
  })
}

const GONE = Symbol('gone')

function added(old: unknown, { item, entries, asList }: Extract<DataEdit, { op: 'add' }>): unknown {
  if (Array.isArray(old)) return old.some((one) => isDeepStrictEqual(one, item)) ? old : [...old, item]
  if (isEmptyNode(old) && asList) return [item]
  return { ...entries, ...(isMapping(old) ? old : {}) }
}

/** The first only: what stands there twice was meant twice. */
function without(list: unknown[], value: unknown): unknown[] {
  const index = list.findIndex((item) => isDeepStrictEqual(item, value))
  return index < 0 ? list : list.toSpliced(index, 1)
}

function change(node: unknown, path: string[], make: (old: unknown) => unknown): unknown {
  const [key, ...rest] = path
  if (key === undefined) return make(node)
  if (Array.isArray(node)) {
    const index = Number(key)
    const now = change(node[index], rest, make)
    if (now === GONE) return node.toSpliced(index, 1)
    return index < node.length ? node.with(index, now) : node
  }
  const map = isMapping(node) ? node : {}
  const now = change(map[key], rest, make)
  if (now === GONE) {
    const { [key]: _, ...others } = map
    return isMapping(node) ? others : node
  }
  return { ...map, [key]: now }
}

export function isMapping(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

const isEmptyNode = (value: unknown) => value === undefined || value === null

/** The value at a path; undefined where it leaves the data. */
export function valueAt(meaning: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>((node, key) => {
    if (Array.isArray(node)) return node[Number(key)]
    return isMapping(node) && Object.hasOwn(node, key) ? node[key] : undefined
  }, meaning)
}

/** The paths at which two values differ, the deepest that tell. */
export function differences(a: unknown, b: unknown, path: string[] = []): string[][] {
  if (isDeepStrictEqual(a, b)) return []
  if (isMapping(a) && isMapping(b)) {
    const keys = [...new Set([...Object.keys(a), ...Object.keys(b)])]
    return keys.flatMap((key) => differences(a[key], b[key], [...path, key]))
  }
  return [path]
}

/** A plain value that was there and is another one now. */
export function changedValue(
  before: string,
  after: string,
  path: readonly string[],
): { before: string; after: string } | undefined {
  const [old, now] = [before, after].map((text) => valueAt(meaningOf(text), path))
  if (isEmptyNode(old) || isDeepStrictEqual(old, now)) return undefined
  return { before: String(old), after: String(now) }
}
