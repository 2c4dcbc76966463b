import { float, int, type Static, string } from '../ast.ts'
import type { Attributes } from '../source.ts'
import type { Condition } from './conditions.ts'
import { operate, type Regexps } from './operate.ts'

/** Whether a value that a column holds passes a condition of a query. */
export type Predicate = (value: Static) => boolean

/** undefined lets everything through. */
export function predicateOf({ op, operand }: Condition, regexps: Regexps): Predicate | undefined {
  if (op === 'any' || op === 'exists' || op === 'absent' || operand === undefined) return undefined
  return (value) => {
    try {
      const result = operate(op, value, operand, regexps)
      return result.type === 'bool' && result.value
    } catch {
      // The evaluation will say what is wrong.
      return true
    }
  }
}

const COLUMNS = ['string', 'int', 'float', 'bool'] as const
type Column = (typeof COLUMNS)[number]

/**
 * The attributes of one scope that a query asks for. As in Tempo's blocks there is a column for each type of
 * value, conditions on a type are or'ed over all keys, and the elements of an array are tested one by one.
 */
export class AttributeReader {
  readonly #keys = new Set<string>()
  readonly #predicates = new Map<Column, Predicate[] | 'any'>()
  /** Keys whose absence is a value, the text `nil`. */
  readonly #absent: string[] = []

  constructor(conditions: Condition[], regexps: Regexps) {
    for (const c of conditions) {
      const { name } = c.attribute
      if (c.op === 'absent') {
        this.#absent.push(name)
        continue
      }
      const predicate = predicateOf(c, regexps)
      this.#keys.add(name)
      for (const column of predicate === undefined ? COLUMNS : columnOf(c.operand!)) {
        const list = this.#predicates.get(column)
        if (predicate === undefined) this.#predicates.set(column, 'any')
        else if (list === undefined) this.#predicates.set(column, [predicate])
        else if (list !== 'any') list.push(predicate)
      }
    }
  }

  get reads(): boolean {
    return this.#predicates.size > 0 || this.#absent.length > 0
  }

  /** Found keys with their values; nil where a key is there but no value passes. */
  read(attributes: Attributes, found: (name: string, value: Static) => void): void {
    if (this.#predicates.size > 0) {
      for (const key of this.#keys) {
        const value = attributes.get(key)
        if (value !== undefined) found(key, this.#filtered(value))
      }
    }
    for (const key of this.#absent) if (attributes.get(key) === undefined) found(key, string('nil'))
  }

  #filtered(value: Static): Static {
    const passes = (column: Column, element: Static) => {
      const list = this.#predicates.get(column)
      return list === 'any' || (list?.some((p) => p(element)) ?? false)
    }
    switch (value.type) {
      case 'string':
      case 'int':
      case 'float':
      case 'bool':
        return passes(value.type, value) ? value : { node: 'static', type: 'nil' }
      case 'string[]':
        return list(
          'string[]',
          value.value.filter((v) => passes('string', string(v))),
        )
      case 'int[]':
        return list(
          'int[]',
          value.value.filter((v) => passes('int', int(v))),
        )
      case 'float[]':
        return list(
          'float[]',
          value.value.filter((v) => passes('float', float(v))),
        )
      case 'bool[]':
        return list(
          'bool[]',
          value.value.filter((v) => passes('bool', { node: 'static', type: 'bool', value: v })),
        )
      default:
        return { node: 'static', type: 'nil' }
    }
  }
}

/** An array of one is read back as its element. */
export function list(type: 'string[]' | 'int[]' | 'float[]' | 'bool[]', values: unknown[]): Static {
  if (values.length === 0) return { node: 'static', type: 'nil' }
  return (
    values.length === 1
      ? { node: 'static', type: type.slice(0, -2), value: values[0] }
      : { node: 'static', type, value: values }
  ) as Static
}

function columnOf({ type }: Static): Column[] {
  const column = type.replace('[]', '')
  return COLUMNS.filter((c) => c === column)
}
