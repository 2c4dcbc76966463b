import { type Document, isMap, isNode, isPair, isScalar, LineCounter, type Node } from 'yaml'
import { LabError } from '../errors.ts'
import { aliasFault, boundedDocument } from '../util/yaml.ts'

/** A fault in a config file, worded as Go's yaml.v2 and the real servers word it. */
function refused({ path, intro }: Pick<Source, 'path' | 'intro'>, message: string): LabError {
  return new LabError('config-invalid', `${intro}${path}: ${message}`, {
    hint: `Mend ${path}, then restart the service.`,
  })
}

interface Source {
  path: string
  intro: string
  doc: Document
  lines: LineCounter
  faults: string[]
}

/**
 * Parses the text of a config file. `intro` is what the real server says before the path, such as
 * `parsing YAML file `. Throws LabError `config-invalid` with the line on YAML errors.
 */
export function readConfig(text: string, path: string, intro = ''): ConfigSection {
  const lines = new LineCounter()
  const doc = boundedDocument(text, { lineCounter: lines, merge: true, uniqueKeys: true })
  const [error] = doc.errors
  if (error) {
    const line = error.linePos?.[0].line ?? 1
    throw refused(
      { path, intro },
      `yaml: line ${line}: ${error.message.split('\n')[0]!.replace(/ at line \d+, column \d+:?$/, '')}`,
    )
  }
  const fault = aliasFault(doc)
  if (fault) throw refused({ path, intro }, `yaml: line ${lines.linePos(fault.at).line}: ${fault.words}`)
  // The aliases have been counted.
  const value = doc.toJS({ maxAliasCount: -1 }) as unknown
  if (value !== null && value !== undefined && (typeof value !== 'object' || Array.isArray(value))) {
    throw refused({ path, intro }, 'yaml: unmarshal errors:\n  line 1: the file must be a map of keys and values')
  }
  return new ConfigSection({ path, intro, doc, lines, faults: [] }, [], (value ?? {}) as Record<string, unknown>)
}

/** The whole file as a plain value. */
export function parseYaml(text: string, path: string): unknown {
  return readConfig(text, path).value
}

/**
 * One map of a config file. Getters take a default for an absent key; a value of the wrong type is noted, and
 * `finish()` throws all that was noted at once, as the real servers do.
 */
export class ConfigSection {
  readonly value: Record<string, unknown>
  readonly #source: Source
  readonly #at: (string | number)[]

  constructor(source: Source, at: (string | number)[], value: Record<string, unknown>) {
    this.#source = source
    this.#at = at
    this.value = value
  }

  /** `a.b[2].c`, for messages. */
  path(key?: string): string {
    const all = key === undefined ? this.#at : [...this.#at, key]
    return all.map((part, i) => (typeof part === 'number' ? `[${part}]` : i === 0 ? part : `.${part}`)).join('')
  }

  /** Line of `key` (or of the section), from 1. */
  line(key?: string | number): number {
    const parent = this.#at.length === 0 ? this.#source.doc.contents : this.#source.doc.getIn(this.#at, true)
    let node: Node | undefined = isNode(parent) ? parent : undefined
    if (key !== undefined && isMap(parent)) {
      const pair = parent.items.find((item) => isPair(item) && isScalar(item.key) && String(item.key.value) === key)
      if (isNode(pair?.key)) node = pair.key
    }
    return node?.range ? this.#source.lines.linePos(node.range[0]).line : 1
  }

  has(key: string): boolean {
    return this.value[key] !== undefined && this.value[key] !== null
  }

  keys(): string[] {
    return Object.keys(this.value)
  }

  /** Notes every key that is not among `known`: `field x not found in type config.plain`. */
  only(known: readonly string[], goType: string): this {
    for (const key of this.keys()) {
      if (!known.includes(key)) this.fault(key, `field ${key} not found in type ${goType}`)
    }
    return this
  }

  string(key: string, fallback: string): string {
    const value = this.value[key]
    if (value === undefined || value === null) return fallback
    if (typeof value === 'object') return this.#mistyped(key, 'string', fallback)
    // A YAML number such as 0.10 must stay as it was written.
    const node = this.#source.doc.getIn([...this.#at, key], true)
    return isScalar(node) && node.source !== undefined && typeof value !== 'string' ? node.source : String(value)
  }

  number(key: string, fallback: number): number {
    const value = this.value[key]
    if (value === undefined || value === null) return fallback
    return typeof value === 'number' ? value : this.#mistyped(key, 'int', fallback)
  }

  boolean(key: string, fallback: boolean): boolean {
    const value = this.value[key]
    if (value === undefined || value === null) return fallback
    return typeof value === 'boolean' ? value : this.#mistyped(key, 'bool', fallback)
  }

  /** A text read by `parse`, such as a duration or a size; undefined from it is a fault. */
  parsed<T>(key: string, parse: (text: string) => T | undefined, goType: string, fallback: T): T {
    if (!this.has(key)) return fallback
    const text = this.string(key, '')
    const result = parse(text)
    if (result !== undefined) return result
    this.fault(key, goType === 'duration' ? `not a valid duration string: "${text}"` : this.#cannot(key, goType))
    return fallback
  }

  strings(key: string): string[] {
    const value = this.value[key]
    if (value === undefined || value === null) return []
    if (!Array.isArray(value)) return this.#mistyped(key, '[]string', [])
    return value.map(String)
  }

  /** The map under `key`; an empty one when it is absent. */
  section(key: string): ConfigSection {
    const value = this.value[key]
    const at = [...this.#at, key]
    if (value === undefined || value === null) return new ConfigSection(this.#source, at, {})
    if (typeof value !== 'object' || Array.isArray(value)) {
      return new ConfigSection(this.#source, at, this.#mistyped(key, 'map', {}))
    }
    return new ConfigSection(this.#source, at, value as Record<string, unknown>)
  }

  /** The list of maps under `key`. */
  sections(key: string): ConfigSection[] {
    const value = this.value[key]
    if (value === undefined || value === null) return []
    if (!Array.isArray(value)) return this.#mistyped(key, 'list', [])
    return value.map((item, i) => {
      const at = [...this.#at, key, i]
      const map = item !== null && typeof item === 'object' && !Array.isArray(item)
      if (!map) this.fault(key, this.#cannot(key, 'list of maps'))
      return new ConfigSection(this.#source, at, map ? (item as Record<string, unknown>) : {})
    })
  }

  /** Notes a fault at `key`, in the words given. */
  fault(key: string | undefined, message: string): void {
    this.#source.faults.push(`line ${this.line(key)}: ${message}`)
  }

  /** Throws LabError `config-invalid` when anything was noted in this file. */
  finish(): void {
    const { faults } = this.#source
    if (faults.length > 0) throw refused(this.#source, `yaml: unmarshal errors:\n  ${faults.join('\n  ')}`)
  }

  /** An error about a well-typed value, to throw. */
  error(key: string | undefined, message: string): LabError {
    return refused(this.#source, `${message} (line ${this.line(key)})`)
  }

  #cannot(key: string, goType: string): string {
    const value = this.value[key]
    const tag = Array.isArray(value)
      ? '!!seq'
      : typeof value === 'object'
        ? '!!map'
        : typeof value === 'number'
          ? '!!int'
          : typeof value === 'boolean'
            ? '!!bool'
            : '!!str'
    const shown = typeof value === 'object' ? '' : ` \`${String(value)}\``
    return `cannot unmarshal ${tag}${shown} into ${goType}`
  }

  #mistyped<T>(key: string, goType: string, fallback: T): T {
    this.fault(key, this.#cannot(key, goType))
    return fallback
  }
}
