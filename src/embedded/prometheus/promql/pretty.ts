import type { Expr } from './ast.ts'
import { aggregateText, operatorText, print, subquerySuffix } from './print.ts'

const MAX_LINE = 100

/** What fits stays on its line; what does not is split at its operator or parentheses, as /format_query does. */
export function prettify(expr: Expr, level = 0): string {
  const indent = '  '.repeat(level)
  const line = print(expr)
  switch (expr.kind) {
    case 'vector':
    case 'matrix':
    case 'number':
    case 'string':
      return indent + line
    case 'subquery':
      return fits(line) ? line : prettify(expr.expr, level) + subquerySuffix(expr)
    case 'unary':
      return indent + expr.op + prettify(expr.expr, level).trim()
  }
  if (fits(line)) return indent + line
  switch (expr.kind) {
    case 'paren':
      return `${indent}(\n${prettify(expr.expr, level + 1)}\n${indent})`
    case 'binary': {
      const operator = indent + operatorText(expr)
      return `${prettify(expr.left, level + 1)}\n${operator}\n${prettify(expr.right, level + 1)}`
    }
    case 'aggregate': {
      const param = expr.param === undefined ? '' : `${prettify(expr.param, level + 1)},\n`
      return `${indent}${aggregateText(expr)}(\n${param}${prettify(expr.expr, level + 1)}\n${indent})`
    }
    case 'call': {
      const args = expr.args.map((arg) => prettify(arg, level + 1)).join(',\n')
      return `${indent}${expr.name}(\n${args}\n${indent})`
    }
  }
}

const fits = (line: string) => Buffer.byteLength(line) <= MAX_LINE
