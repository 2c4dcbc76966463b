import type { ArithmeticOperator, BinaryOperator, ComparisonOperator } from './ast.ts'

/** As Loki reckons: division by zero is NaN, and the corners of `^` are those of Go. */
export function arithmetic(operator: ArithmeticOperator, a: number, b: number): number {
  switch (operator) {
    case '+':
      return a + b
    case '-':
      return a - b
    case '*':
      return a * b
    case '/':
      return b === 0 ? Number.NaN : a / b
    case '%':
      return b === 0 ? Number.NaN : a % b
    case '^':
      if (a === 1 || (a === -1 && Math.abs(b) === Infinity)) return 1
      return a ** b
  }
}

export function compare(operator: ComparisonOperator, a: number | bigint, b: number | bigint): boolean {
  switch (operator) {
    case '==':
      return a === b
    case '!=':
      return a !== b
    case '>':
      return a > b
    case '>=':
      return a >= b
    case '<':
      return a < b
    case '<=':
      return a <= b
  }
}

const COMPARISONS = new Set<string>(['==', '!=', '>', '>=', '<', '<='])
const SETS = new Set<string>(['or', 'and', 'unless'])

export function isComparison(operator: BinaryOperator): operator is ComparisonOperator {
  return COMPARISONS.has(operator)
}

export function isSetOperator(operator: BinaryOperator): operator is 'or' | 'and' | 'unless' {
  return SETS.has(operator)
}
