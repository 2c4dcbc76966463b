import { formatFloat, formatPlain } from '../../../util/go-format.ts'
import { formatModelDuration } from '../../series/model-duration.ts'
import type { Binary, DurationNode, Expr, LabelMatcher, Modifiers, VectorSelector } from './ast.ts'
import { quote } from './go-text.ts'

/** One line, laid out as Prometheus prints expressions. What it prints reads back as the same expression. */
export function print(expr: Expr): string {
  switch (expr.kind) {
    case 'vector':
      return printSelector(expr)
    case 'matrix': {
      const { selector } = expr
      const bare = printSelector({ ...selector, offset: 0, offsetExpr: undefined, at: undefined, extended: undefined })
      const extended = selector.extended === undefined ? '' : ` ${selector.extended}`
      return `${bare}[${printRange(expr.range, expr.rangeExpr)}]${extended}${printAt(selector)}${printOffset(selector)}`
    }
    case 'subquery':
      return print(expr.expr) + subquerySuffix(expr)
    case 'number':
      return printNumber(expr.value, expr.duration)
    case 'string':
      return quote(expr.value)
    case 'paren':
      return `(${print(expr.expr)})`
    case 'unary':
      return expr.op + print(expr.expr)
    case 'binary':
      return `${print(expr.left)} ${operatorText(expr)} ${print(expr.right)}`
    case 'aggregate': {
      const param = expr.param === undefined ? '' : `${print(expr.param)}, `
      return `${aggregateText(expr)}(${param}${print(expr.expr)})`
    }
    case 'call':
      return `${expr.name}(${expr.args.map(print).join(', ')})`
  }
}

/** `sum by (job) `, before the parenthesis. */
export function aggregateText({ op, without, grouping }: Expr & { kind: 'aggregate' }): string {
  if (without) return `${op} without (${printLabels(grouping)}) `
  return grouping.length > 0 ? `${op} by (${printLabels(grouping)}) ` : op
}

/** `/ on (job) group_left ()`, between the operands. */
export function operatorText({ op, bool, matching }: Binary): string {
  let text = bool ? `${op} bool` : op
  const grouped = matching.card !== 'one-to-one'
  if (matching.labels.length > 0 || matching.on || grouped) {
    text += ` ${matching.on ? 'on' : 'ignoring'} (${printLabels(matching.labels)})`
  }
  if (grouped) {
    text += ` group_${matching.card === 'many-to-one' ? 'left' : 'right'} (${printLabels(matching.include)})`
  }
  const { fillLeft, fillRight } = matching
  if (fillLeft !== undefined && fillLeft === fillRight) return `${text} fill (${formatFloat(fillLeft)})`
  if (fillLeft !== undefined) text += ` fill_left (${formatFloat(fillLeft)})`
  if (fillRight !== undefined) text += ` fill_right (${formatFloat(fillRight)})`
  return text
}

/** `[5m:10s] @ 1.000 offset 1m`, after the inner expression. */
export function subquerySuffix(expr: Expr & { kind: 'subquery' }): string {
  const step = expr.step === 0 && expr.stepExpr === undefined ? '' : printRange(expr.step, expr.stepExpr)
  return `[${printRange(expr.range, expr.rangeExpr)}:${step}]${printAt(expr)}${printOffset(expr)}`
}

function printSelector(selector: VectorSelector): string {
  const matchers = selector.matchers
    .filter((m) => !(m.name === '__name__' && m.op === '=' && m.value === selector.name && m.value !== ''))
    .map(printMatcher)
    .sort((a, b) => (a < b ? -1 : 1))
  const extended = selector.extended === undefined ? '' : ` ${selector.extended}`
  const braces = matchers.length === 0 ? '' : `{${matchers.join(',')}}`
  return selector.name + braces + printAt(selector) + extended + printOffset(selector)
}

const printMatcher = ({ name, op, value }: LabelMatcher) => `${printLabel(name)}${op}${quote(value)}`
const printLabel = (name: string) => (/^[a-zA-Z_]\w*$/.test(name) ? name : quote(name))
const printLabels = (names: readonly string[]) => names.map(printLabel).join(', ')

function printAt({ at }: Modifiers): string {
  if (at === undefined) return ''
  return typeof at === 'string' ? ` @ ${at}()` : ` @ ${(at.ms / 1000).toFixed(3)}`
}

function printOffset({ offset, offsetExpr }: Modifiers): string {
  if (offsetExpr !== undefined) return ` offset ${printDuration(offsetExpr)}`
  if (offset === 0) return ''
  return ` offset ${offset < 0 ? '-' : ''}${formatModelDuration(Math.abs(offset))}`
}

const printRange = (ms: number, expr: DurationNode | undefined) =>
  expr === undefined ? formatModelDuration(ms) : printDuration(expr)

function printNumber(value: number, duration: boolean): string {
  if (!duration) return formatPlain(value)
  return (value < 0 ? '-' : '') + formatModelDuration(Math.abs(value) * 1000)
}

function printDuration(node: DurationNode): string {
  if (node.kind === 'number') return printNumber(node.value, node.duration)
  const text = durationText(node)
  return node.wrapped ? `(${text})` : text
}

function durationText({ op, left, right }: Exclude<DurationNode, { kind: 'number' }>): string {
  const of = (node: DurationNode | undefined) => (node === undefined ? '' : printDuration(node))
  switch (op) {
    case 'step':
    case 'range':
      return `${op}()`
    case 'min_of':
    case 'max_of':
      return `${op}(${of(left)}, ${of(right)})`
  }
  if (left === undefined) return op === '-' ? `-${of(right)}` : of(right)
  return `${of(left)} ${op} ${of(right)}`
}
