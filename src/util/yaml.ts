import {
  type Document,
  type DocumentOptions,
  isAlias,
  isNode,
  Lexer,
  type LineCounter,
  type Node,
  type ParseOptions,
  Parser,
  parseDocument,
  type SchemaOptions,
  visit,
  YAMLParseError,
} from 'yaml'
import { YAML_BYTES } from './read-text.ts'

/** go-yaml's own bound is 10,000, which needs a stack that we do not have. */
const MAX_DEPTH = 64
/** What all aliases together may stand for. */
const MAX_ALIASED = 100_000

type Options = ParseOptions & DocumentOptions & SchemaOptions & { lineCounter?: LineCounter }

/**
 * The one place where text of the user's becomes YAML. Never throws and never grows out of bounds: text that is too
 * large or too deep is an error of the document, in go-yaml's words, like any other.
 */
export function boundedDocument(text: string, options: Options = {}): Document {
  const excess = excessOf(text)
  if (excess === undefined) return parseDocument(text, options)
  options.lineCounter?.addNewLine(0)
  const nothing = parseDocument('', options)
  nothing.errors.push(new YAMLParseError([0, 0], 'RESOURCE_EXHAUSTION', excess))
  return nothing
}

/** What is wrong with the aliases of a document, in go-yaml's words, and where. To be asked before it is made a value. */
export function aliasFault(document: Document): { words: string; at: number } | undefined {
  let fault: { words: string; at: number } | undefined
  const anchors = new Map<string, Node>()
  const targets = new Map<Node, Node>()
  const weights = new Map<Node, number>()
  /** How many nodes it stands for, with what the aliases below it stand for. */
  const weigh = (node: Node): number => {
    let weight = weights.get(node)
    if (weight !== undefined) return weight
    weight = 0
    visit(node, (_, part) => {
      const target = targets.get(part as Node)
      if (isNode(part)) weight! += target === undefined ? 1 : weigh(target)
    })
    weights.set(node, weight)
    return weight
  }
  let total = 0
  visit(document, (_, node, path) => {
    if (isAlias(node)) {
      const at = node.range?.[0] ?? 0
      const target = anchors.get(node.source)
      if (target === undefined) fault = { words: `unknown anchor '${node.source}' referenced`, at }
      else if (path.includes(target)) fault = { words: `anchor '${node.source}' value contains itself`, at }
      else {
        targets.set(node, target)
        total += weigh(target)
        if (total > MAX_ALIASED) fault = { words: 'document contains excessive aliasing', at }
      }
    } else if (isNode(node) && node.anchor !== undefined) anchors.set(node.anchor, node)
    return fault && visit.BREAK
  })
  return fault
}

function excessOf(text: string): string | undefined {
  if (Buffer.byteLength(text) > YAML_BYTES) return `the config is larger than ${YAML_BYTES / 1024} KiB`
  // The composer calls itself for each level, down to where Node's regular expressions abort the process. The parser
  // below it has a stack of its own to look at.
  const parser = new Parser()
  for (const lexeme of new Lexer().lex(text)) {
    for (const _ of parser.next(lexeme));
    // The document and a scalar are on it too.
    if (parser.stack.length > MAX_DEPTH + 2) return 'exceeded max depth'
  }
  return undefined
}
