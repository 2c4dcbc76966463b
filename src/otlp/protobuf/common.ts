import {
  type AnyValue,
  type KeyValue,
  KeyValueList,
  type Resource,
  type ResourceOf,
  type Scope,
  type ScopeOf,
} from '../types.ts'
import { KeptScope } from './kept-scope.ts'
import { OtlpDecodeError, type Reader } from './reader.ts'
import type { Writer } from './writer.ts'

/** How deep values may nest; the collector's own limit is protobuf's, but nobody means more than this. */
const MAX_DEPTH = 64

// opentelemetry/proto/common/v1/common.proto

/** AnyValue: string 1, bool 2, int 3, double 4, array 5, kvlist 6, bytes 7. */
export function readValue(r: Reader, depth = 0): AnyValue {
  if (depth > MAX_DEPTH) throw new OtlpDecodeError(`an attribute value nests deeper than ${MAX_DEPTH} levels`, r.pos)
  let value: AnyValue = null
  const outer = r.open()
  while (r.more) {
    const tag = r.tag()
    if (tag === 0x0a) value = r.string()
    else if (tag === 0x10) value = r.uint32() !== 0
    else if (tag === 0x18) value = r.int64()
    else if (tag === 0x21) value = r.double()
    else if (tag === 0x2a) value = readList(r, (one) => readValue(one, depth + 1))
    else if (tag === 0x32) value = new KeyValueList(readList(r, (one) => readKeyValue(one, depth + 1)))
    else if (tag === 0x3a) value = r.blob()
    else r.skip(tag)
  }
  r.close(outer)
  return value
}

/** ArrayValue and KeyValueList: values 1. */
function readList<T>(r: Reader, readOne: (r: Reader) => T): T[] {
  const list: T[] = []
  const outer = r.open()
  while (r.more) {
    const tag = r.tag()
    if (tag === 0x0a) list.push(readOne(r))
    else r.skip(tag)
  }
  r.close(outer)
  return list
}

/** KeyValue: key 1, value 2. */
export function readKeyValue(r: Reader, depth = 0): KeyValue {
  let key = ''
  let value: AnyValue = null
  const outer = r.open()
  while (r.more) {
    const tag = r.tag()
    if (tag === 0x0a) key = r.string()
    else if (tag === 0x12) value = readValue(r, depth)
    else r.skip(tag)
  }
  r.close(outer)
  return { key, value }
}

export function writeValue(w: Writer, field: number, value: AnyValue): void {
  const at = w.open(field)
  if (typeof value === 'string') w.oneofString(1, value)
  else if (typeof value === 'boolean') w.bool(2, value)
  else if (typeof value === 'bigint') w.int64(3, value)
  else if (typeof value === 'number') w.double(4, value)
  else if (value instanceof Uint8Array) w.bytes(7, value)
  else if (value !== null) writeCollection(w, value)
  w.close(at)
}

function writeCollection(w: Writer, value: AnyValue[] | KeyValueList): void {
  const at = w.open(Array.isArray(value) ? 5 : 6)
  if (value instanceof KeyValueList) writeKeyValues(w, 1, value.values)
  else for (const item of value) writeValue(w, 1, item)
  w.close(at)
}

export function writeKeyValues(w: Writer, field: number, list: readonly KeyValue[]): void {
  for (const { key, value } of list) {
    const at = w.open(field)
    w.string(1, key)
    writeValue(w, 2, value)
    w.close(at)
  }
}

/**
 * What the three signals share: resource 1, scope groups 2, schema URL 3; below it scope 1, items 2, schema URL 3.
 * With `keep` the scopes know their bytes.
 */
export function readRequest<T>(r: Reader, readItem: (r: Reader) => T, keep: boolean): ResourceOf<T>[] {
  const all: ResourceOf<T>[] = []
  while (r.more) {
    const tag = r.tag()
    if (tag === 0x0a) all.push(readResourceOf(r, readItem, keep))
    else r.skip(tag)
  }
  return all
}

function readResourceOf<T>(r: Reader, readItem: (r: Reader) => T, keep: boolean): ResourceOf<T> {
  const group: ResourceOf<T> = { resource: { attributes: [], droppedAttributesCount: 0 }, schemaUrl: '', scopes: [] }
  const outer = r.open()
  while (r.more) {
    const tag = r.tag()
    if (tag === 0x0a) readResource(r, group.resource)
    else if (tag === 0x12) group.scopes.push(readScopeOf(r, readItem, keep))
    else if (tag === 0x1a) group.schemaUrl = r.string()
    else r.skip(tag)
  }
  r.close(outer)
  return group
}

function readScopeOf<T>(r: Reader, readItem: (r: Reader) => T, keep: boolean): ScopeOf<T> {
  const scopeOf: ScopeOf<T> = { scope: emptyScope(), schemaUrl: '', items: [] }
  const skippedBefore = r.skipped
  r.skipped = false
  const outer = r.open()
  const from = r.pos
  while (r.more) {
    const tag = r.tag()
    if (tag === 0x0a) readScope(r, scopeOf.scope)
    else if (tag === 0x12) scopeOf.items.push(readItem(r))
    else if (tag === 0x1a) scopeOf.schemaUrl = r.string()
    else r.skip(tag)
  }
  r.close(outer)
  // What nobody here knows is not sent on, by the real one neither.
  const known = !r.skipped
  r.skipped = skippedBefore
  return keep && known ? new KeptScope(scopeOf, r.bytes.subarray(from, r.pos)) : scopeOf
}

function emptyScope(): Scope {
  return { name: '', version: '', attributes: [], droppedAttributesCount: 0 }
}

function readResource(r: Reader, resource: Resource): void {
  const outer = r.open()
  while (r.more) {
    const tag = r.tag()
    if (tag === 0x0a) resource.attributes.push(readKeyValue(r))
    else if (tag === 0x10) resource.droppedAttributesCount = r.uint32()
    else r.skip(tag)
  }
  r.close(outer)
}

function readScope(r: Reader, scope: Scope): void {
  const outer = r.open()
  while (r.more) {
    const tag = r.tag()
    if (tag === 0x0a) scope.name = r.string()
    else if (tag === 0x12) scope.version = r.string()
    else if (tag === 0x1a) scope.attributes.push(readKeyValue(r))
    else if (tag === 0x20) scope.droppedAttributesCount = r.uint32()
    else r.skip(tag)
  }
  r.close(outer)
}

type WriteItem<T> = (w: Writer, field: number, item: T) => void

export function writeRequest<T>(w: Writer, data: readonly ResourceOf<T>[], writeItem: WriteItem<T>): void {
  for (const { resource, scopes, schemaUrl } of data) {
    const group = w.open(1)
    const at = w.open(1)
    writeKeyValues(w, 1, resource.attributes)
    w.uint32(2, resource.droppedAttributesCount)
    w.close(at)
    for (const scopeOf of scopes) {
      const kept = KeptScope.bytesOf(scopeOf)
      if (kept === undefined) writeScopeOf(w, 2, scopeOf, writeItem)
      else w.bytes(2, kept)
    }
    w.string(3, schemaUrl)
    w.close(group)
  }
}

function writeScopeOf<T>(
  w: Writer,
  field: number,
  { scope, items, schemaUrl }: ScopeOf<T>,
  writeItem: WriteItem<T>,
): void {
  const group = w.open(field)
  const at = w.open(1)
  w.string(1, scope.name)
  w.string(2, scope.version)
  writeKeyValues(w, 3, scope.attributes)
  w.uint32(4, scope.droppedAttributesCount)
  w.close(at)
  for (const item of items) writeItem(w, 2, item)
  w.string(3, schemaUrl)
  w.close(group)
}
