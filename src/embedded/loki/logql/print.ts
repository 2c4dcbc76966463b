import { formatFloat, formatPlain } from '../../../util/go-format.ts'
import { formatModelDuration } from '../../series/model-duration.ts'
import type {
  BinaryOperation,
  Expression,
  Extraction,
  Grouping,
  LabelFilter,
  LabelSelector,
  LineFilter,
  LogExpression,
  LogRange,
  Stage,
  Unwrap,
} from './ast.ts'
import { formatByteSize } from './go/bytes.ts'
import { formatGoDuration } from './go/duration.ts'
import { quote } from './go/quote.ts'
import { printMatcher } from './matcher.ts'

/** The query in Loki's canonical form, on one line. */
export function printExpression(expression: Expression): string {
  switch (expression.node) {
    case 'logs':
      return printLogs(expression)
    case 'literal':
      return formatFloat(expression.value)
    case 'vector':
      return `vector(${expression.value.toFixed(6)})`
    case 'range': {
      const { operation, parameter, range, grouping } = expression
      const first = parameter === undefined ? '' : `${formatPlain(parameter)},`
      return `${operation}(${first}${printRange(range)})${grouping === undefined ? '' : printGrouping(grouping)}`
    }
    case 'aggregation': {
      const { operation, parameter, grouping, operand } = expression
      const first = parameter === undefined ? '' : `${parameter},`
      const by = grouping === undefined || isEmptyBy(grouping) ? '' : printGrouping(grouping)
      return `${operation}${by}(${first}${printExpression(operand)})`
    }
    case 'binary':
      return `(${printExpression(expression.left)} ${printOperator(expression)} ${printExpression(expression.right)})`
    case 'label_replace': {
      const { operand, destination, replacement, source, pattern } = expression
      const texts = [destination, replacement, source, pattern].map(quote)
      return `label_replace(${[printExpression(operand), ...texts].join(',')})`
    }
  }
}

export const isEmptyBy = ({ without, labels }: Grouping) => !without && labels.length === 0

export function printSelector({ matchers }: Pick<LogExpression, 'matchers'>): string {
  return `{${matchers.map(printMatcher).join(', ')}}`
}

function printLogs(logs: LogExpression): string {
  return [printSelector(logs), ...logs.stages.map(printStage)].join(' ')
}

function printRange({ logs, unwrap, intervalNanos, offsetNanos }: LogRange): string {
  const offset = offsetNanos === 0n ? '' : ` offset ${formatGoDuration(offsetNanos)}`
  const taken = unwrap === undefined ? '' : ` ${printUnwrap(unwrap).join(' ')}`
  return `${printLogs(logs)}${taken}[${formatModelDuration(intervalNanos / 1_000_000n)}]${offset}`
}

/** The unwrap, and the filters after it, each as a stage. */
export function printUnwrap({ label, conversion, filters }: Unwrap): string[] {
  const what = conversion === undefined ? label : `${conversion}(${label})`
  return [`| unwrap ${what}`, ...filters.map((f) => `| ${printLabelFilter(f)}`)]
}

export function printGrouping({ without, labels }: Grouping): string {
  return ` ${without ? 'without' : 'by'} (${labels.join(',')})`
}

function printOperator({ operator, bool, matching }: BinaryOperation): string {
  const op = bool ? `${operator} bool` : operator
  if (!matching.on && matching.labels === undefined) return op
  const cards = { 'one-to-one': '', 'many-to-one': 'group_left', 'one-to-many': 'group_right' }
  const include = matching.include === undefined ? '' : ` (${matching.include.join(',')})`
  const word = matching.on ? 'on' : 'ignoring'
  return `${op} ${word} (${(matching.labels ?? []).join(',')}) ${cards[matching.card]}${include}`
}

export function printStage(stage: Stage): string {
  switch (stage.stage) {
    case 'line_filters':
      return stage.filters.map(printLineFilter).join(' ')
    case 'json':
      return stage.expressions === undefined ? '| json' : `| json ${printExtractions(stage.expressions)}`
    case 'logfmt': {
      const flags = `${stage.strict ? ' --strict' : ''}${stage.keepEmpty ? ' --keep-empty' : ''}`
      return `| logfmt${flags}${stage.expressions === undefined ? '' : ` ${printExtractions(stage.expressions)}`}`
    }
    case 'regexp':
    case 'pattern':
      return `| ${stage.stage} ${quote(stage.pattern)}`
    case 'unpack':
    case 'decolorize':
      return `| ${stage.stage}`
    case 'label_filter':
      return `| ${printLabelFilter(stage.filter)}`
    case 'line_format':
      return `| line_format ${quote(stage.template)}`
    case 'label_format': {
      const formats = stage.formats.map((f) => `${f.label}=${f.rename ? f.value : quote(f.value)}`)
      return `| label_format ${formats.join(',')}`
    }
    case 'drop':
    case 'keep':
      return `| ${stage.stage} ${stage.labels.map(printLabelSelector).join(',')}`
  }
}

const printExtractions = (list: readonly Extraction[]) =>
  list.map(({ label, expression }) => `${label}=${quote(expression)}`).join(',')

const printLabelSelector = ({ name, matcher }: LabelSelector) => (matcher === undefined ? name : printMatcher(matcher))

export function printLineFilter({ operator, alternatives }: LineFilter): string {
  const texts = alternatives.map(({ text, ip }) => (ip ? `ip(${quote(text)})` : quote(text)))
  return `${operator} ${texts.join(' or ')}`
}

export function printLabelFilter(filter: LabelFilter): string {
  switch (filter.filter) {
    case 'and':
    case 'or': {
      const between = filter.filter === 'and' ? ',' : 'or'
      return `( ${printLabelFilter(filter.left)} ${between} ${printLabelFilter(filter.right)} )`
    }
    case 'matcher':
      return printFilterMatcher(filter.matcher)
    case 'ip':
      return `${filter.label}${filter.operator}ip(${quote(filter.pattern)})`
    case 'number':
      return `${filter.label}${filter.operator}${formatPlain(filter.value)}`
    case 'duration':
      return `${filter.label}${filter.operator}${formatGoDuration(filter.nanos)}`
    case 'bytes':
      return `${filter.label}${filter.operator}${formatByteSize(filter.bytes)}`
  }
}

/** Loki puts an expression between backticks, unless it has made a plain comparison of it. */
function printFilterMatcher(matcher: Parameters<typeof printMatcher>[0]): string {
  const { name, operator, value } = matcher
  const plain =
    operator !== '=~' || /^[^\\.*+?()[\]{}^$]*$/.test(value) || /^(?:\.[*+])?[\w|() -]*(?:\.\*)?$/.test(value)
  return plain || value.includes('`') ? printMatcher(matcher) : `${name}${operator}\`${value}\``
}
