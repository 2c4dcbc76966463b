import { parseFloat64 } from '../go/number.ts'
import { quote } from '../go/quote.ts'
import { constantText, lexTemplate, type Part, TemplateFault, type Token } from './lex.ts'
import type { Command, Node, Operand, Pipe } from './nodes.ts'

export interface ParsedTemplate {
  nodes: Node[]
  named: ReadonlyMap<string, Node[]>
}

/** Deeper than this a template is refused; nobody writes such. */
const MAX_DEPTH = 100

/**
 * Parses what Go's text/template takes; what `define` and `block` name comes beside the template's own nodes.
 * Throws Error in Go's words: `template: line:1: unclosed action`.
 */
export function parseTemplate(name: string, source: string, isFunction: (name: string) => boolean): ParsedTemplate {
  try {
    return new TemplateParser(lexTemplate(source), source, isFunction).parse()
  } catch (error) {
    if (!(error instanceof TemplateFault)) throw error
    const line = source.slice(0, error.offset).split('\n').length
    throw new Error(`template: ${name}:${line}: ${error.message}`)
  }
}

class TemplateParser {
  readonly #parts: Part[]
  readonly #source: string
  readonly #isFunction: (name: string) => boolean
  #variables = ['$']
  #part = 0
  #depth = 0
  #loops = 0
  /** What is open around: `define` may only stand at the top. */
  #open = 0
  readonly #named = new Map<string, Node[]>()

  constructor(parts: Part[], source: string, isFunction: (name: string) => boolean) {
    this.#parts = parts
    this.#source = source
    this.#isFunction = isFunction
  }

  parse(): ParsedTemplate {
    const { nodes, stop } = this.#list()
    if (stop !== undefined) throw new TemplateFault(`unexpected {{${stop.word}}}`, stop.offset)
    return { nodes, named: this.#named }
  }

  /** Up to the `end` or `else` that is not its own, or to the end of the template. */
  #list(): { nodes: Node[]; stop?: { word: string; tokens: Token[]; offset: number } } {
    const nodes: Node[] = []
    while (this.#part < this.#parts.length) {
      const part = this.#parts[this.#part++]!
      if ('text' in part) {
        nodes.push({ node: 'text', text: part.text })
        continue
      }
      const tokens = part.tokens.filter((t, i) => !(t.kind === 'space' && i === 0))
      const word = tokens[0]?.kind === 'identifier' ? tokens[0].text : ''
      if (word === 'end' || word === 'else')
        return { nodes, stop: { word, tokens: tokens.slice(1), offset: part.offset } }
      nodes.push(this.#action(word, tokens, part.offset))
    }
    return { nodes }
  }

  #action(word: string, tokens: Token[], offset: number): Node {
    if (word === 'if' || word === 'with' || word === 'range') return this.#control(word, tokens.slice(1), offset)
    if (word === 'break' || word === 'continue') {
      if (this.#loops === 0) throw new TemplateFault(`{{${word}}} outside {{range}}`, offset)
      return { node: word }
    }
    if (word === 'define' || word === 'template' || word === 'block') {
      return this.#namedTemplate(word, new Tokens(tokens.slice(1), offset), offset)
    }
    return { node: 'action', pipe: this.#pipe(new Tokens(tokens, offset), 'command') }
  }

  #namedTemplate(word: 'define' | 'template' | 'block', tokens: Tokens, offset: number): Node {
    if (word === 'define' && this.#open > 0) throw new TemplateFault('unexpected {{define}}', offset)
    const context = `${word} clause`
    tokens.skipSpace()
    const token = tokens.take()
    if (token?.kind !== 'string') {
      throw new TemplateFault(`unexpected ${token === undefined ? '"}}"' : shown(token)} in ${context}`, offset)
    }
    const name = constantText(token)
    tokens.skipSpace()
    const more = tokens.peek()
    if (word === 'define' && more !== undefined) {
      throw new TemplateFault(`unexpected ${shown(more)} in ${context}`, more.offset)
    }
    const pipe = word === 'block' || more !== undefined ? this.#pipe(tokens, context) : undefined
    if (word !== 'template') this.#define(name, offset)
    if (word === 'define') return { node: 'text', text: '' }
    return { node: 'template', name, pipe, offset, text: `{{template ${token.text}}}` }
  }

  /** Its body up to its `end`; variables and loops around it are not seen from within. */
  #define(name: string, offset: number): void {
    if (++this.#depth > MAX_DEPTH) throw new TemplateFault('template is nested too deeply', offset)
    const around = { variables: this.#variables, loops: this.#loops }
    this.#variables = ['$']
    this.#loops = 0
    this.#open++
    const { nodes, stop } = this.#list()
    if (stop === undefined) throw new TemplateFault('unexpected EOF', this.#source.length)
    if (stop.word === 'else') throw new TemplateFault('unexpected {{else}}', stop.offset)
    this.#open--
    this.#variables = around.variables
    this.#loops = around.loops
    this.#depth--
    const isEmpty = nodes.every((node) => node.node === 'text' && node.text.trim() === '')
    // An empty one does not take the place of one that says something.
    if (!isEmpty || !this.#named.has(name)) this.#named.set(name, nodes)
  }

  #control(word: 'if' | 'with' | 'range', tokens: Token[], offset: number): Node {
    if (++this.#depth > MAX_DEPTH) throw new TemplateFault('template is nested too deeply', offset)
    const known = this.#variables.length
    const pipe = this.#pipe(new Tokens(tokens, offset), word)
    this.#open++
    if (word === 'range') this.#loops++
    const { nodes: body, stop } = this.#list()
    if (word === 'range') this.#loops--
    let otherwise: Node[] = []
    if (stop?.word === 'else') {
      const rest = stop.tokens.filter((t) => t.kind !== 'space')
      const again = rest[0]?.text
      if (again === 'if' || again === 'with') {
        const at = stop.tokens.findIndex((t) => t.text === again)
        otherwise = [this.#control(again, stop.tokens.slice(at + 1), stop.offset)]
      } else {
        if (rest.length > 0) throw new TemplateFault(`unexpected ${shown(rest[0]!)} in else`, stop.offset)
        const last = this.#list()
        otherwise = last.nodes
        if (last.stop?.word === 'else') throw new TemplateFault('expected end; found {{else}}', last.stop.offset)
        if (last.stop === undefined) throw new TemplateFault('unexpected EOF', this.#source.length)
      }
    } else if (stop === undefined) throw new TemplateFault('unexpected EOF', this.#source.length)
    this.#variables.length = known
    this.#depth--
    this.#open--
    return { node: word, pipe, body, otherwise }
  }

  #pipe(tokens: Tokens, context: string): Pipe {
    if (++this.#depth > MAX_DEPTH) throw new TemplateFault('template is nested too deeply', tokens.offset)
    const { variables, assigns } = this.#declarations(tokens, context)
    const commands: Command[] = []
    const offset = tokens.offset
    for (;;) {
      const operands = this.#operands(tokens)
      if (operands.length === 0) throw new TemplateFault(`missing value for ${context}`, tokens.offset)
      commands.push({ operands, offset: operands[0]!.offset })
      const next = tokens.peek()
      if (next?.kind !== 'pipe') break
      tokens.take()
    }
    for (const [i, command] of commands.entries()) {
      const [first] = command.operands as [Operand]
      const constant = ['constant', 'dot', 'nil'].includes(first.operand)
      if (i > 0 && constant) {
        throw new TemplateFault(`non executable command in pipeline stage ${i + 1}`, first.offset)
      }
    }
    this.#variables.push(...(assigns ? [] : variables))
    this.#depth--
    return { variables, assigns, commands, offset }
  }

  #declarations(tokens: Tokens, context: string): { variables: string[]; assigns: boolean } {
    const [first, second] = tokens.significant(4)
    const pair = context === 'range' && first?.kind === 'variable' && second?.kind === 'comma'
    const names = pair ? [first!, tokens.significant(4)[2]!] : first?.kind === 'variable' ? [first] : []
    const mark = tokens.significant(4)[pair ? 3 : 1]
    if (names.length === 0 || (mark?.kind !== 'declare' && mark?.kind !== 'assign')) {
      return { variables: [], assigns: false }
    }
    while (tokens.peek() !== mark) tokens.take()
    tokens.take()
    const assigns = mark.kind === 'assign'
    for (const { text, offset } of names) {
      if (assigns && !this.#variables.includes(text)) throw new TemplateFault(`undefined variable "${text}"`, offset)
    }
    return { variables: names.map((t) => t.text), assigns }
  }

  #operands(tokens: Tokens): Operand[] {
    const operands: Operand[] = []
    for (;;) {
      tokens.skipSpace()
      const token = tokens.peek()
      if (token === undefined || token.kind === 'pipe' || token.kind === 'close') return operands
      operands.push(this.#operand(tokens))
      const next = tokens.peek()
      if (next !== undefined && !['space', 'pipe', 'close'].includes(next.kind)) {
        throw new TemplateFault(`unexpected ${shown(next)} in operand`, next.offset)
      }
    }
  }

  #operand(tokens: Tokens): Operand {
    const token = tokens.take()!
    const { text, offset } = token
    switch (token.kind) {
      case 'identifier':
        if (text === 'true' || text === 'false') return { operand: 'constant', value: text === 'true', offset, text }
        if (text === 'nil') return { operand: 'nil', offset, text }
        if (!this.#isFunction(text)) throw new TemplateFault(`function "${text}" not defined`, offset)
        return { operand: 'function', name: text, offset, text }
      case 'dot':
        return { operand: 'dot', offset, text }
      case 'field': {
        const names = [text.slice(1), ...tokens.fields()]
        return { operand: 'field', names, offset, text: `.${names.join('.')}` }
      }
      case 'variable': {
        if (!this.#variables.includes(text)) throw new TemplateFault(`undefined variable "${text}"`, offset)
        const names = tokens.fields()
        return { operand: 'variable', name: text, names, offset, text: [text, ...names].join('.') }
      }
      case 'open': {
        const pipe = this.#pipe(tokens, 'parenthesized pipeline')
        tokens.skipSpace()
        const close = tokens.take()
        if (close?.kind !== 'close') throw new TemplateFault('unclosed left paren', offset)
        return {
          operand: 'pipe',
          pipe,
          names: tokens.fields(),
          offset,
          text: this.#source.slice(offset, close.offset + 1),
        }
      }
      case 'string':
        return { operand: 'constant', value: constantText(token), offset, text }
      case 'char':
        return { operand: 'constant', value: BigInt(constantText(token).codePointAt(0) ?? 0), offset, text }
      case 'number':
        return { operand: 'constant', value: number(token), offset, text }
      default:
        throw new TemplateFault(`unexpected ${shown(token)} in operand`, offset)
    }
  }
}

const KEYWORDS = new Set('if else end range with break continue define template block nil'.split(' '))

function shown({ text }: Token): string {
  if (KEYWORDS.has(text)) return `<${text}>`
  return text.length > 10 ? `${quote(text.slice(0, 10))}...` : quote(text)
}

function number({ text, offset }: Token): number | bigint {
  const bare = text.replaceAll('_', '')
  if (/^[-+]?(?:0|[1-9]\d*)$/.test(bare)) return BigInt(bare)
  if (/^[-+]?0[xXoObB]/.test(bare) && !/[pP]/.test(bare)) {
    return BigInt(bare.replace(/^[-+]/, '')) * (bare.startsWith('-') ? -1n : 1n)
  }
  const parsed = parseFloat64(bare)
  if ('error' in parsed) throw new TemplateFault(`bad number syntax: "${text}"`, offset)
  return parsed.value
}

class Tokens {
  readonly #tokens: Token[]
  readonly #end: number
  #at = 0

  constructor(tokens: Token[], end: number) {
    this.#tokens = tokens
    this.#end = end
  }

  get offset(): number {
    return this.#tokens[this.#at]?.offset ?? this.#end
  }

  peek(): Token | undefined {
    return this.#tokens[this.#at]
  }

  take(): Token | undefined {
    return this.#tokens[this.#at++]
  }

  skipSpace(): void {
    while (this.peek()?.kind === 'space') this.#at++
  }

  significant(count: number): Token[] {
    return this.#tokens
      .slice(this.#at, this.#at + 2 * count)
      .filter((t) => t.kind !== 'space')
      .slice(0, count)
  }

  /** `.a.b` right behind an operand. */
  fields(): string[] {
    const names: string[] = []
    while (this.peek()?.kind === 'field') names.push(this.take()!.text.slice(1))
    return names
  }
}
