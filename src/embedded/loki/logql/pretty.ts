import { formatPlain } from '../../../util/go-format.ts'
import { formatModelDuration } from '../../series/model-duration.ts'
import type { BinaryOperation, Expression, Grouping, LineFilter, LogExpression, LogRange, Stage } from './ast.ts'
import { quote } from './go/quote.ts'
import { printExpression, printLineFilter, printSelector, printStage, printUnwrap } from './print.ts'

/** What is no longer stays on one line. */
const WIDTH = 100

const indent = (level: number) => '  '.repeat(level)

/** The query laid out over lines, as Loki's formatter does. */
export function prettyExpression(expression: Expression, width = WIDTH): string {
  return new Layout(width).expression(expression, 0)
}

class Layout {
  readonly #width: number

  constructor(width: number) {
    this.#width = width
  }

  #fits(text: string): boolean {
    return Buffer.byteLength(text) <= this.#width
  }

  expression(expression: Expression, level: number): string {
    if (expression.node === 'logs') return this.#logs(expression, level)
    const text = printExpression(expression)
    if (this.#fits(text)) return indent(level) + text
    switch (expression.node) {
      case 'literal':
      case 'vector':
        return indent(level) + text
      case 'range': {
        const { operation, parameter, range, grouping } = expression
        const first = parameter === undefined ? [] : [indent(level + 1) + formatPlain(parameter)]
        const tail = grouping === undefined ? '' : prettyGrouping(grouping)
        return call(operation, [...first, this.#range(range, level + 1)], level) + tail
      }
      case 'aggregation': {
        const { operation, parameter, grouping, operand } = expression
        const first = parameter === undefined ? [] : [`${indent(level + 1)}${parameter}`]
        const head = operation + (grouping === undefined ? '' : prettyGrouping(grouping))
        return call(head, [...first, this.expression(operand, level + 1)], level)
      }
      case 'label_replace': {
        const { operand, destination, replacement, source, pattern } = expression
        const texts = [destination, replacement, source, pattern].map((t) => indent(level + 1) + quote(t))
        return call('label_replace', [this.expression(operand, level + 1), ...texts], level)
      }
      case 'binary': {
        const [left, right] = [expression.left, expression.right].map((leg) => this.expression(leg, level + 1))
        return `${left}\n${indent(level)}${prettyOperator(expression)}\n${right}`
      }
    }
  }

  #logs(logs: LogExpression, level: number): string {
    const text = printExpression(logs)
    if (this.#fits(text) || logs.stages.length === 0) return indent(level) + text
    const stages = logs.stages.map((stage) => this.#stage(stage, level + 1))
    return [indent(level) + printSelector(logs), ...stages].join('\n')
  }

  #stage(stage: Stage, level: number): string {
    if (stage.stage === 'line_filters') return this.#lineFilters(stage.filters, level)
    return stage.stage === 'decolorize' ? printStage(stage) : indent(level) + printStage(stage)
  }

  /** A chain that is too long gives up its last filters to lines of their own. */
  #lineFilters(filters: readonly LineFilter[], level: number): string {
    const text = filters.map(printLineFilter).join(' ')
    if (this.#fits(text) || filters.length < 2) return indent(level) + text
    return `${this.#lineFilters(filters.slice(0, -1), level)}\n${indent(level)}${printLineFilter(filters.at(-1)!)}`
  }

  #range({ logs, unwrap, intervalNanos, offsetNanos }: LogRange, level: number): string {
    const taken = unwrap === undefined ? [] : printUnwrap(unwrap).map((line) => indent(level + 1) + line)
    const offset = offsetNanos === 0n ? '' : ` offset ${formatModelDuration(offsetNanos / 1_000_000n)}`
    return `${[this.#logs(logs, level), ...taken].join('\n')} [${formatModelDuration(intervalNanos / 1_000_000n)}]${offset}`
  }
}

function call(head: string, parts: readonly string[], level: number): string {
  return `${indent(level)}${head}(\n${parts.join(',\n')}\n${indent(level)})`
}

function prettyGrouping({ without, labels }: Grouping): string {
  const word = without ? ' without' : labels.length > 0 ? ' by' : ''
  return labels.length > 0 ? `${word} (${labels.join(', ')})` : word
}

function prettyOperator({ operator, bool, matching }: BinaryOperation): string {
  const op = bool ? `${operator} bool` : operator
  if ((matching.labels?.length ?? 0) === 0) return op
  const cards = { 'one-to-one': '', 'many-to-one': 'group_left', 'one-to-many': 'group_right' }
  const include = matching.include === undefined ? '' : ` (${matching.include.join(', ')})`
  return `${op} ${matching.on ? 'on' : 'ignoring'} (${matching.labels!.join(', ')}) ${cards[matching.card]}${include}`
}
