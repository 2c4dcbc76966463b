import { parser } from '@prometheus-io/lezer-promql'
import { QueryError } from '../../../errors.ts'
import { anchoredRegExp } from '../go-regexp.ts'
import type { Matcher } from '../store/head.ts'

type Tree = ReturnType<typeof parser.parse>
type SyntaxNode = Tree['topNode']

/** The one series selector of a `match[]` parameter. Throws QueryError. */
export function parseMetricSelector(text: string): Matcher[] {
  const all = selectorsOf(text)
  const only = all[0]
  if (only === undefined || all.length > 1 || only.text !== text.trim()) {
    throw new QueryError('parse error: a series selector such as up{job="x"} is needed', text, 0, text.length)
  }
  return only.matchers
}

/** Every series selector in a PromQL expression. Throws QueryError where it cannot be read. */
export function selectorsOf(query: string): { text: string; matchers: Matcher[] }[] {
  if (query.trim() === '') throw new QueryError('parse error: no expression found in input', query, 0)
  const tree = parser.parse(query)
  const found: { text: string; matchers: Matcher[] }[] = []
  tree.iterate({
    enter: (ref) => {
      if (ref.type.isError) {
        const what = query.slice(ref.from, Math.max(ref.to, ref.from + 1)) || 'end of input'
        throw new QueryError(`parse error: unexpected ${JSON.stringify(what)}`, query, ref.from, ref.to - ref.from)
      }
      if (ref.name !== 'VectorSelector') return true
      checkErrors(ref.node, query)
      found.push({ text: query.slice(ref.from, ref.to), matchers: matchersOf(ref.node, query) })
      return false
    },
  })
  return found
}

function checkErrors(node: SyntaxNode, query: string): void {
  node.cursor().iterate((ref) => {
    if (ref.type.isError) throw new QueryError('parse error: unexpected input in a selector', query, ref.from)
  })
}

function matchersOf(selector: SyntaxNode, query: string): Matcher[] {
  const matchers: Matcher[] = []
  const named = (value: string) => matchers.push(matcher('__name__', '=', value))
  const identifier = selector.getChild('Identifier')
  if (identifier) named(query.slice(identifier.from, identifier.to))
  const list = selector.getChild('LabelMatchers')
  for (let node = list?.firstChild; node; node = node.nextSibling) {
    const text = (child: SyntaxNode | null | undefined) => (child ? query.slice(child.from, child.to) : '')
    if (node.name === 'QuotedLabelName') {
      named(unquote(text(node)))
      continue
    }
    const label = node.getChild('LabelName')
    const name = label ? text(label) : unquote(text(node.getChild('QuotedLabelName')))
    const value = node.getChildren('StringLiteral').at(-1)
    try {
      matchers.push(matcher(name, text(node.getChild('MatchOp')), unquote(text(value))))
    } catch (error) {
      throw new QueryError(`parse error: ${(error as Error).message}`, query, value?.from ?? node.from)
    }
  }
  return matchers
}

function matcher(name: string, op: string, value: string): Matcher {
  if (op === '=') return { name, equals: value, matches: (text) => text === value }
  if (op === '!=') return { name, matches: (text) => text !== value }
  const regex = anchoredRegExp(value)
  return op === '=~' ? { name, matches: (text) => regex.test(text) } : { name, matches: (text) => !regex.test(text) }
}

/** A Go string literal: raw in backticks, else with escapes. */
function unquote(literal: string): string {
  const inner = literal.slice(1, -1)
  if (literal.startsWith('`')) return inner
  const simple: Record<string, string> = { n: '\n', t: '\t', r: '\r', a: '\x07', b: '\b', f: '\f', v: '\v' }
  const pattern = /\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([0-7]{3})|(.))/gs
  return inner.replaceAll(pattern, (_, x, u, long, octal, c: string) => {
    const code = x ?? u ?? long
    if (code !== undefined) return String.fromCodePoint(Number.parseInt(code, 16))
    if (octal !== undefined) return String.fromCodePoint(Number.parseInt(octal, 8))
    return simple[c] ?? c
  })
}
