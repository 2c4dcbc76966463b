import { FAULTS, JsonFault, nextToken, readValue, stringEnd, unescapeText, type Value } from './json-scan.ts'
import type { LineLabels } from './labels.ts'
import { createNameCache, sanitize, withoutReplacements } from './names.ts'
import { type Stage, stage } from './stage.ts'

/** Objects nested deeper than this are not looked into. */
const MAX_DEPTH = 100

/** Thrown to leave a line early: all labels are there, or one of them does not pass its filter. */
const enough = Symbol('enough')
const refused = Symbol('refused')

/** `| json`: every field becomes a label, those of nested objects joined by `_`; arrays and nulls are left out. */
export function jsonStage(): Stage {
  const nameOf = createNameCache(sanitize)
  return stage((line, labels) => {
    if (labels.complete) return line
    try {
      eachField(line, 0, [], (keys, value) => takeField(line, keys, value, labels, nameOf))
    } catch (error) {
      if (error === enough) return line
      if (error === refused) return undefined
      if (!(error instanceof JsonFault)) throw error
      labels.failParse('JSONParserErr', error.message)
    }
    return line
  })
}

type TakeField = (keys: string[], value: Value) => boolean

/** Calls `take` with the keys that lead to each value; an object is looked into where it says so. Returns the end. */
export function eachField(text: string, from: number, keys: string[], take: TakeField): number {
  let at = nextToken(text, from)
  if (text[at] !== '{') throw new JsonFault(FAULTS.object)
  at = nextToken(text, at + 1)
  if (at >= text.length) throw new JsonFault(FAULTS.json)
  for (;;) {
    if (text[at] === '}') return at + 1
    if (text[at] !== '"') throw new JsonFault(FAULTS.object)
    const end = stringEnd(text, at + 1)
    if (end < 0) throw new JsonFault(FAULTS.json)
    const key = unescapeText(text.slice(at + 1, end))
    if (key === undefined) throw new JsonFault(FAULTS.escape)
    at = nextToken(text, end + 1)
    if (text[at] !== ':') throw new JsonFault(FAULTS.json)
    const value = readValue(text, at + 1)
    keys.push(key)
    if (take(keys, value)) eachField(text, value.from, keys, take)
    keys.pop()
    at = nextToken(text, value.end)
    if (at >= text.length) throw new JsonFault(FAULTS.array)
    if (text[at] === '}') return at + 1
    if (text[at] !== ',') throw new JsonFault(FAULTS.object)
    at = nextToken(text, at + 1)
    if (at >= text.length) throw new JsonFault(FAULTS.array)
  }
}

function takeField(
  line: string,
  keys: readonly string[],
  value: Value,
  labels: LineLabels,
  nameOf: (key: string) => string,
): boolean {
  const { kind } = value
  if (kind === 'object') return keys.length < MAX_DEPTH && labels.hints.needsPrefix(joined(keys, nameOf))
  if (kind !== 'array' && kind !== 'null') {
    const name = keys.length === 1 ? nameOf(keys[0]!) : joined(keys, nameOf)
    const slot = name === '' && keys.length === 1 ? undefined : labels.place(name)
    if (slot !== undefined && !labels.take(slot, textOf(line, value))) throw refused
  }
  if (labels.allExtracted) throw enough
  return false
}

/** Keys of nested objects in one name; blank ones leave no trace. */
function joined(keys: readonly string[], nameOf: (key: string) => string): string {
  let name = ''
  for (const key of keys) {
    const part = nameOf(key)
    if (part === '') continue
    // Only at the very front does a digit need the underscore.
    name = name === '' ? part : `${name}_${part.startsWith('_') && /^\d/.test(key.trim()) ? part.slice(1) : part}`
  }
  return name
}

/** A value as a label: strings unescaped, numbers as they are written. */
export function textOf(line: string, { kind, from, to }: Value): string {
  const raw = line.slice(from, to)
  return kind === 'string' ? withoutReplacements(unescapeText(raw) ?? '') : raw
}
