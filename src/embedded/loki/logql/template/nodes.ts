/** Go's text/template, parsed. Offsets are into the template's text. */
export type Node =
  | { node: 'text'; text: string }
  | { node: 'action'; pipe: Pipe }
  | Control
  /** `{{template "name" .x}}`. */
  | { node: 'template'; name: string; pipe: Pipe | undefined; offset: number; text: string }
  | { node: 'break' }
  | { node: 'continue' }

export interface Control {
  node: 'if' | 'with' | 'range'
  pipe: Pipe
  body: Node[]
  otherwise: Node[]
}

export interface Pipe {
  /** `$x := ...` or `$i, $x := ...`; `=` where the variable is there already. */
  variables: string[]
  assigns: boolean
  commands: Command[]
  offset: number
}

/** Operands apart by blanks: a value, or a function with its arguments. */
export interface Command {
  operands: Operand[]
  offset: number
}

export type Operand =
  | { operand: 'dot' | 'nil'; offset: number; text: string }
  | { operand: 'field'; names: string[]; offset: number; text: string }
  | { operand: 'variable'; name: string; names: string[]; offset: number; text: string }
  | { operand: 'function'; name: string; offset: number; text: string }
  | { operand: 'constant'; value: string | number | bigint | boolean; offset: number; text: string }
  | { operand: 'pipe'; pipe: Pipe; names: string[]; offset: number; text: string }

/** The labels that a template reads, for the hints to the parsers. */
export function fieldsOf(nodes: readonly Node[]): string[] {
  return nodes.flatMap((node) => {
    if (node.node === 'action') return fieldsOfPipe(node.pipe)
    if (node.node === 'template') return node.pipe === undefined ? [] : fieldsOfPipe(node.pipe)
    if (!('pipe' in node)) return []
    return [...fieldsOfPipe(node.pipe), ...fieldsOf(node.body), ...fieldsOf(node.otherwise)]
  })
}

function fieldsOfPipe(pipe: Pipe): string[] {
  return pipe.commands.flatMap(({ operands }) =>
    operands.flatMap((operand) => {
      if (operand.operand === 'field') return operand.names
      return operand.operand === 'pipe' ? fieldsOfPipe(operand.pipe) : []
    }),
  )
}
