import { quote } from '../go/quote.ts'
import { mismatch, type TemplateFunction } from './function.ts'
import type { Command, Control, Node, Operand, Pipe } from './nodes.ts'
import { MAX_TEXT } from './text-functions.ts'
import { isGoTime } from './time.ts'
import { timeMethods } from './time-methods.ts'
import { isTrue, show, typeName, type Value } from './values.ts'

/** Templates that call each other go no deeper. */
const MAX_CALLS = 500
/** More steps than this a template may not take for one line. */
const MAX_STEPS = 100_000

export type Functions = ReadonlyMap<string, TemplateFunction>

type Signal = 'break' | 'continue' | undefined

/** Runs a template for one line. Throws Error in Go's words: `template: line:1:2: executing "line" at <...>: ...`. */
export class Execution {
  readonly #name: string
  readonly #source: string
  readonly #functions: Functions
  readonly #root: Value
  readonly #named: ReadonlyMap<string, Node[]>
  #variables: [string, Value][]
  /** Names of the templates under way, the innermost last. */
  readonly #running: string[]
  #out = ''
  #steps = 0

  constructor(name: string, source: string, functions: Functions, root: Value, named: ReadonlyMap<string, Node[]>) {
    this.#name = name
    this.#source = source
    this.#functions = functions
    this.#root = root
    this.#named = named
    this.#running = [name]
    this.#variables = [['$', root]]
  }

  run(nodes: readonly Node[]): string {
    this.#walk(nodes, this.#root)
    return this.#out
  }

  #walk(nodes: readonly Node[], dot: Value): Signal {
    for (const node of nodes) {
      if (++this.#steps > MAX_STEPS) throw new Error(`template: ${this.#name}: takes more than ${MAX_STEPS} steps`)
      if (node.node === 'text') this.#write(node.text)
      else if (node.node === 'template') this.#template(node, dot)
      else if (node.node === 'action') {
        const value = this.#pipe(node.pipe, dot)
        if (node.pipe.variables.length === 0) this.#write(show(value))
      } else if (node.node === 'break' || node.node === 'continue') return node.node
      else {
        const signal = this.#control(node, dot)
        if (signal !== undefined) return signal
      }
    }
    return undefined
  }

  #template(node: Node & { node: 'template' }, dot: Value): void {
    const nodes = this.#named.get(node.name)
    if (nodes === undefined) throw this.#error(node, `template ${quote(node.name)} not defined`)
    if (this.#running.length > MAX_CALLS) throw this.#error(node, `exceeded maximum template depth (${MAX_CALLS})`)
    const value = node.pipe === undefined ? undefined : this.#pipe(node.pipe, dot)
    const around = this.#variables
    this.#variables = [['$', value]]
    this.#running.push(node.name)
    this.#walk(nodes, value)
    this.#running.pop()
    this.#variables = around
  }

  #write(text: string): void {
    this.#out += text
    if (this.#out.length > MAX_TEXT) throw new Error(`template: ${this.#name}: makes more than ${MAX_TEXT} characters`)
  }

  #control(node: Control, dot: Value): Signal {
    const known = this.#variables.length
    const value = this.#pipe(node.pipe, dot)
    let signal: Signal
    if (node.node === 'range') signal = this.#range(node, value, dot)
    else if (isTrue(value)) signal = this.#walk(node.body, node.node === 'with' ? value : dot)
    else signal = this.#walk(node.otherwise, dot)
    this.#variables.length = known
    return signal
  }

  #range(node: Control, value: Value, dot: Value): Signal {
    const pairs = this.#pairs(value, node.pipe)
    if (pairs.length === 0) return this.#walk(node.otherwise, dot)
    const { variables } = node.pipe
    for (const [key, element] of pairs) {
      const known = this.#variables.length
      if (variables.length === 1) this.#assign(variables[0]!, element, false)
      if (variables.length === 2) {
        this.#assign(variables[0]!, key, false)
        this.#assign(variables[1]!, element, false)
      }
      const signal = this.#walk(node.body, element)
      this.#variables.length = known
      if (signal === 'break') break
    }
    return undefined
  }

  #pairs(value: Value, pipe: Pipe): [Value, Value][] {
    if (value === undefined) return []
    if (Array.isArray(value)) return value.map((element, i) => [BigInt(i), element])
    if (value instanceof Map) return [...(value as ReadonlyMap<string, Value>)].sort(([a], [b]) => (a < b ? -1 : 1))
    if (typeof value === 'bigint')
      return Array.from({ length: Math.min(Number(value), MAX_STEPS) }, (_, i) => [BigInt(i), BigInt(i)])
    const [command] = pipe.commands as [Command]
    throw this.#error(command.operands[0]!, `range can't iterate over ${show(value)}`)
  }

  #assign(name: string, value: Value, existing: boolean): void {
    const old = existing ? this.#variables.findLast(([n]) => n === name) : undefined
    if (old !== undefined) old[1] = value
    else this.#variables.push([name, value])
  }

  #pipe(pipe: Pipe, dot: Value): Value {
    let value: Value
    for (const [i, command] of pipe.commands.entries()) value = this.#command(command, dot, i > 0 ? [value] : [])
    // In a `range` the variables stand for the elements.
    for (const name of pipe.variables) this.#assign(name, value, pipe.assigns)
    return value
  }

  /** `final` is what the command before piped in, as a last argument. */
  #command({ operands }: Command, dot: Value, final: Value[]): Value {
    const [first, ...rest] = operands as [Operand, ...Operand[]]
    if (first.operand === 'function') return this.#call(first, rest, dot, final)
    if (first.operand === 'pipe' && first.names.length > 0) return this.#method(first, rest, dot, final)
    if (first.operand === 'field' || first.operand === 'variable') return this.#method(first, rest, dot, final)
    if (rest.length > 0 || final.length > 0) {
      throw this.#error(first, `can't give argument to non-function ${first.text}`)
    }
    if (first.operand === 'nil') throw this.#error(first, 'nil is not a command')
    return this.#value(first, dot)
  }

  #value(operand: Operand, dot: Value): Value {
    switch (operand.operand) {
      case 'dot':
        return dot
      case 'nil':
        return undefined
      case 'constant':
        return operand.value
      case 'function':
        return this.#call(operand, [], dot, [])
      case 'field':
      case 'variable':
      case 'pipe':
        return this.#method(operand, [], dot, [])
    }
  }

  /** `.a.b`, `$x.a`, `(...).a`: fields, or at the end a method of a time with its arguments. */
  #method(
    operand: Operand & { operand: 'field' | 'variable' | 'pipe' },
    rest: Operand[],
    dot: Value,
    final: Value[],
  ): Value {
    let value = dot
    if (operand.operand === 'variable') value = this.#variables.findLast(([name]) => name === operand.name)?.[1]
    if (operand.operand === 'pipe') value = this.#pipe(operand.pipe, dot)
    for (const [i, name] of operand.names.entries()) {
      const methods = isGoTime(value) ? timeMethods(value) : {}
      const method = Object.hasOwn(methods, name) ? methods[name] : undefined
      const last = i === operand.names.length - 1
      if (method !== undefined) value = this.#invoke(operand, name, method, last ? rest : [], dot, last ? final : [])
      else if (last && (rest.length > 0 || final.length > 0)) {
        throw this.#error(operand, `${name} is not a method but has arguments`)
      } else value = this.#field(operand, value, name)
    }
    return value
  }

  #field(operand: Operand, value: Value, name: string): Value {
    // A label that is not there is empty; in what fromJson made it is nil.
    if (value === this.#root) return (value as ReadonlyMap<string, Value>).get(name) ?? ''
    if (value instanceof Map) return value.get(name)
    if (value === undefined) throw this.#error(operand, `nil data; no entry for key "${name}"`)
    throw this.#error(operand, `can't evaluate field ${name} in type ${typeName(value)}`)
  }

  #call(operand: Operand & { operand: 'function' }, rest: Operand[], dot: Value, final: Value[]): Value {
    const { name } = operand
    if (name === 'and' || name === 'or') return this.#logic(operand, name, rest, dot, final)
    return this.#invoke(operand, name, this.#functions.get(name)!, rest, dot, final)
  }

  #logic(operand: Operand, name: 'and' | 'or', rest: Operand[], dot: Value, final: Value[]): Value {
    if (rest.length + final.length === 0) {
      throw this.#error(operand, `wrong number of args for ${name}: want at least 1 got 0`)
    }
    let value: Value
    for (const argument of rest) {
      value = this.#value(argument, dot)
      if (isTrue(value) === (name === 'or')) return value
    }
    return final.length > 0 ? final[0] : value
  }

  #invoke(
    operand: Operand,
    name: string,
    called: TemplateFunction,
    rest: Operand[],
    dot: Value,
    final: Value[],
  ): Value {
    const { parameters, rest: more } = called
    const given = rest.length + final.length
    if (more === undefined ? given !== parameters.length : given < parameters.length) {
      const wanted = `${more === undefined ? '' : 'at least '}${parameters.length}`
      throw this.#error(operand, `wrong number of args for ${name}: want ${wanted} got ${given}`)
    }
    const args = [...rest.map((argument) => this.#value(argument, dot)), ...final]
    for (const [i, value] of args.entries()) {
      const parameter = parameters[i] ?? more!
      const argument = rest[i]
      const wrong = mismatch(parameter, value)
      if (wrong === undefined) continue
      if (argument?.operand === 'constant') {
        throw this.#error(argument, `expected ${parameter === 'int' ? 'integer' : parameter}; found ${argument.text}`)
      }
      throw this.#error(argument ?? operand, wrong)
    }
    try {
      return called.call(...(args as never[]))
    } catch (error) {
      throw this.#error(operand, `error calling ${name}: ${(error as Error).message}`)
    }
  }

  #error({ offset, text }: { offset: number; text: string }, message: string): Error {
    const before = this.#source.slice(0, offset)
    const line = before.split('\n').length
    const column = Buffer.byteLength(before.slice(before.lastIndexOf('\n') + 1))
    const shown = [...text].length > 20 ? `${[...text].slice(0, 20).join('')}...` : text
    const at = `template: ${this.#name}:${line}:${column}`
    return new Error(`${at}: executing ${quote(this.#running.at(-1)!)} at <${shown}>: ${message}`)
  }
}
