import type { BinaryOp } from '../ast.ts'
import { power } from '../functions/math.ts'

const ARITHMETIC: Record<string, (a: number, b: number) => number> = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': (a, b) => a / b,
  '%': (a, b) => a % b,
  '^': power,
  atan2: Math.atan2,
}

const COMPARISON: Record<string, (a: number, b: number) => boolean> = {
  '==': (a, b) => a === b,
  '!=': (a, b) => a !== b,
  '<': (a, b) => a < b,
  '<=': (a, b) => a <= b,
  '>': (a, b) => a > b,
  '>=': (a, b) => a >= b,
}

/** Both sides numbers: a comparison gives 1 or 0. */
export function scalarOperator(op: BinaryOp): (a: number, b: number) => number {
  const compare = COMPARISON[op]
  if (compare !== undefined) return (a, b) => (compare(a, b) ? 1 : 0)
  return ARITHMETIC[op]!
}

/** On a vector's samples: undefined filters the sample out; a comparison shows what `keep` picks. */
export function sampleOperator(
  op: BinaryOp,
  bool: boolean,
  keep: (a: number, b: number) => number,
): (a: number, b: number) => number | undefined {
  const compare = COMPARISON[op]
  if (compare === undefined) return ARITHMETIC[op]!
  if (bool) return (a, b) => (compare(a, b) ? 1 : 0)
  return (a, b) => (compare(a, b) ? keep(a, b) : undefined)
}
