import { formatFloat } from '../../../util/go-format.ts'
import type * as ast from './ast.ts'
import type { Attribute, MetricsStage, Query, Static } from './ast.ts'
import { formatGoDuration } from './go-duration.ts'
import { isAttributeChar } from './lex.ts'

/** Anything of the tree that has a text of its own. */
export type Printable =
  | ast.FieldExpression
  | ast.PipelineElement
  | ast.ScalarExpression
  | ast.MetricsAggregate
  | ast.MetricsCompare

/** The query in Tempo's canonical form; it appears in messages and names the columns of results. */
export function printQuery({ pipeline, metrics, stages, hints }: Query): string {
  const text = stages.reduce(printStage, print(pipeline) + (metrics ? ` | ${print(metrics)}` : ''))
  return hints.length === 0 ? text : `${text} with(${hints.map((h) => `${h.name}=${printStatic(h.value)}`).join(',')})`
}

function printStage(inner: string, stage: MetricsStage): string {
  return stage.node === 'rank'
    ? `${inner} | ${stage.op}(${stage.limit})`
    : `${inner} ${stage.op} ${formatFloat(stage.value)}`
}

export function print(e: Printable): string {
  switch (e.node) {
    case 'static':
      return printStatic(e)
    case 'attribute':
      return printAttribute(e)
    case 'unary':
      if (e.op === 'exists') return `${wrapped(e.expression)} != nil`
      if (e.op === 'absent') return `${wrapped(e.expression)} = nil`
      return e.op + wrapped(e.expression)
    case 'binary':
    case 'spansetOperation':
    case 'scalarFilter':
    case 'scalarOperation':
      return `${wrapped(e.lhs)} ${e.op} ${wrapped(e.rhs)}`
    case 'filter':
      return `{ ${print(e.expression)} }`
    case 'pipeline':
      return e.elements.map(print).join('|')
    case 'group':
      return `by(${print(e.expression)})`
    case 'coalesce':
      return 'coalesce()'
    case 'select':
      return `select(${e.attributes.map(printAttribute).join(', ')})`
    case 'aggregate':
      return `${e.op}(${e.expression ? print(e.expression) : ''})`
    case 'metrics':
      return printMetrics(e)
    case 'compare':
      // The brace is Tempo's own slip; the text is part of its messages.
      return `compare(${print(e.filter)}}`
  }
}

const wrapped = (e: Printable) => (e.node === 'static' || e.node === 'attribute' ? print(e) : `(${print(e)})`)

function printMetrics({ op, attribute, by, quantiles }: ast.MetricsAggregate): string {
  const args = attribute ? printAttribute(attribute) : ''
  const more = op === 'quantile_over_time' ? `,${quantiles.map((q) => q.toFixed(5)).join(',')}` : ''
  return `${op}(${args}${more})${by.length > 0 ? `by(${by.map(printAttribute).join(',')})` : ''}`
}

export function printStatic(s: Static): string {
  return s.type === 'string' ? `\`${s.value}\`` : staticText(s)
}

/** The value alone: a string without quotes. */
export function staticText(s: Static): string {
  switch (s.type) {
    case 'nil':
      return 'nil'
    case 'float': {
      const text = formatFloat(s.value)
      // Told from an integer. Infinity has neither, and Tempo then appends it too.
      return /[e.]/.test(text) ? text : `${text}.0`
    }
    case 'duration':
      return formatGoDuration(s.value)
    case 'int[]':
    case 'bool[]':
      return `[${s.value.join(', ')}]`
    case 'float[]':
      return `[${s.value.map(formatFloat).join(', ')}]`
    case 'string[]':
      return `[${s.value.map((v) => `\`${v}\``).join(', ')}]`
    default:
      return String(s.value)
  }
}

export function printAttribute(a: Attribute): string {
  const scopes = [...(a.parent ? ['parent'] : []), ...(a.scope === 'none' ? [] : [a.scope])]
  const name = a.intrinsic ?? a.name
  const scope = scopes.length > 0 ? `${scopes.join('.')}.` : a.intrinsic === undefined && name.length > 0 ? '.' : ''
  const bare = !name.includes('"') && Array.from(name).every(isAttributeChar)
  return scope + (bare ? name : `"${name.replace(/[\\"]/g, '\\$&')}"`)
}
