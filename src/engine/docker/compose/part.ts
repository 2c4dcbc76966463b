import { isAlias, isMap, isNode, isScalar, isSeq, type LineCounter, type Node } from 'yaml'
import { type Env, InterpolationError, interpolate } from './interpolate.ts'

/** One reading of a file; every fault that is noted ends up in one error. */
export interface Reading {
  file: string
  lines: LineCounter
  env: Env
  /** Turns an alias into what it names. */
  resolve(node: Node): Node | undefined
  faults: { line: number; message: string }[]
}

/** What reads each key of a map. The type of a key's value is what its reader gives. */
export type Readers<T> = { [K in keyof T]-?: (part: Part) => NonNullable<T[K]> | undefined }

/**
 * A node of the compose file together with where it stands. Its readers never throw: a value of the wrong
 * type is noted and an empty one given, so that all faults are told at once.
 */
export class Part {
  readonly node: Node | undefined
  readonly reading: Reading
  readonly path: string
  /** Where its key or, in a list, it itself stands. */
  readonly line: number

  constructor(reading: Reading, node: unknown, path: string, key: unknown = node) {
    this.reading = reading
    this.node = isNode(node) ? (isAlias(node) ? reading.resolve(node) : node) : undefined
    this.path = path
    const start = isNode(key) ? key.range?.[0] : undefined
    this.line = start === undefined ? 1 : reading.lines.linePos(start).line
  }

  get isMap(): boolean {
    return isMap(this.node)
  }

  get isList(): boolean {
    return isSeq(this.node)
  }

  /** A key without a value. */
  get isNothing(): boolean {
    return this.node === undefined || (isScalar(this.node) && this.node.value === null)
  }

  /** Always undefined, so that a reader can `return part.fault(...)`. */
  fault(message: string, line = this.line): undefined {
    this.reading.faults.push({ line, message: `${this.path} ${message}` })
    return undefined
  }

  /** The pairs of a map, `<<` merged in: a key that stands itself wins over a merged one. */
  entries(): [string, Part][] {
    if (this.isNothing) return []
    if (!isMap(this.node)) {
      this.fault('must be a map of keys and values')
      return []
    }
    const own = new Map<string, Part>()
    const merged: [string, Part][] = []
    for (const { key, value } of this.node.items) {
      const name = isScalar(key) ? String(key.value) : String(key)
      if (name === '<<') {
        const part = new Part(this.reading, value, this.path, key)
        for (const one of part.isList ? part.items() : [part]) merged.push(...one.entries())
      } else {
        own.set(name, new Part(this.reading, value, this.path === '' ? name : `${this.path}.${name}`, key))
      }
    }
    for (const [name, part] of merged) if (!own.has(name)) own.set(name, part)
    return [...own]
  }

  items(): Part[] {
    if (this.isNothing) return []
    if (!isSeq(this.node)) {
      this.fault('must be a list')
      return []
    }
    return this.node.items.map((item, i) => new Part(this.reading, item, `${this.path}[${i}]`))
  }

  /** A scalar with its variables filled in. A number or a boolean stays as it was written. */
  text(): string {
    if (!isScalar(this.node)) {
      this.fault('must be a text')
      return ''
    }
    const { value, source } = this.node
    const text = typeof value === 'string' ? value : value === null ? '' : (source ?? String(value))
    try {
      return interpolate(text, this.reading.env)
    } catch (error) {
      if (!(error instanceof InterpolationError)) throw error
      this.fault(`cannot be filled in: ${error.message}`)
      return ''
    }
  }

  /** A text read by `parse`; undefined from it is a fault. */
  parsed<T>(parse: (text: string) => T | undefined, what: string): T | undefined {
    const text = this.text()
    return parse(text) ?? this.fault(`must be ${what}, not ${JSON.stringify(text)}`)
  }

  flag(): boolean | undefined {
    return this.parsed((text) => (text === 'true' ? true : text === 'false' ? false : undefined), 'true or false')
  }

  whole(): number | undefined {
    return this.parsed((text) => (/^-?\d+$/.test(text) ? Number(text) : undefined), 'a whole number')
  }

  texts(): string[] {
    return this.items().map((item) => item.text())
  }

  /** Reads a map whose keys are known. A key that is not is refused by its name; `x-...` is the author's own. */
  shape<T>(readers: Readers<T>): Partial<T> {
    const result: Partial<T> = {}
    for (const [key, part] of this.entries()) {
      if (key.startsWith('x-')) continue
      const read = Object.hasOwn(readers, key) ? readers[key as keyof T] : undefined
      if (read === undefined) {
        part.fault('is a key that otel-lab does not do')
        continue
      }
      const value = read(part)
      if (value !== undefined) result[key as keyof T] = value as T[keyof T]
    }
    return result
  }
}
