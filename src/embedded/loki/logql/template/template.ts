import { builtinFunctions } from './builtin-functions.ts'
import { Execution, type Functions } from './execute.ts'
import { fn } from './function.ts'
import { fieldsOf } from './nodes.ts'
import { numberFunctions, timeFunctions } from './number-functions.ts'
import { parseTemplate } from './parse.ts'
import { textFunctions } from './text-functions.ts'
import { goTime } from './time.ts'

export interface Template {
  /** Labels that it reads. */
  fields: string[]
  /** Set where the template is one label and nothing else. */
  label: string | undefined
  /** Throws Error in Go's words. */
  execute(labels: ReadonlyMap<string, string>, line: string, nanos: bigint): string
}

/** A `line_format` (named `line`) or `label_format` template (named `label`). Throws Error. */
export function compileTemplate(name: 'line' | 'label', source: string, now: () => bigint): Template {
  const current = { line: '', nanos: 0n }
  const functions: Functions = new Map(
    Object.entries({
      ...builtinFunctions(),
      ...textFunctions(),
      ...numberFunctions(),
      ...timeFunctions(now),
      __line__: fn('', () => current.line),
      __timestamp__: fn('', () => goTime(current.nanos)),
    }),
  )
  const isFunction = (word: string) => functions.has(word) || word === 'and' || word === 'or'
  const { nodes, named } = parseTemplate(name, source, isFunction)
  const [only] = nodes
  const operands = nodes.length === 1 && only?.node === 'action' ? only.pipe.commands[0]!.operands : []
  const field = operands[0]
  const single =
    only?.node === 'action' &&
    only.pipe.variables.length === 0 &&
    only.pipe.commands.length === 1 &&
    operands.length === 1
  return {
    fields: [nodes, ...named.values()].flatMap(fieldsOf),
    label: single && field?.operand === 'field' && field.names.length === 1 ? field.names[0] : undefined,
    execute(labels, line, nanos) {
      current.line = line
      current.nanos = nanos
      return new Execution(name, source, functions, labels, named).run(nodes)
    },
  }
}
