import { type ArithmeticOp, bool, FALSE, type FieldOp, float, int, type Static, string } from '../ast.ts'
import { compileRegexp } from '../regexp.ts'
import { isArray, isBooleanOp, matchesElement, opAllowed, typesMatch } from '../types.ts'

/** Compiles each pattern once for all spans of a query. */
export type Regexps = Map<string, (text: string) => boolean>

const FLIPPED: Partial<Record<FieldOp, FieldOp>> = { '>': '<', '>=': '<=', '<': '>', '<=': '>=' }

/**
 * `lhs op rhs` as Tempo works it out on a span. Types that do not go together make false.
 * Throws Error on a division of integers by zero and on arithmetic with arrays.
 */
export function operate(op: FieldOp, lhs: Static, rhs: Static, regexps: Regexps): Static {
  if (!typesMatch(lhs.type, rhs.type) || !opAllowed(op, lhs.type, rhs.type)) return FALSE
  if (matchesElement(lhs.type, rhs.type)) return overElements(op, lhs, rhs, regexps)
  return operateScalar(op, lhs, rhs, regexps)
}

function operateScalar(op: FieldOp, lhs: Static, rhs: Static, regexps: Regexps): Static {
  if (!typesMatch(lhs.type, rhs.type) || !opAllowed(op, lhs.type, rhs.type)) return FALSE
  if (op === '=') return bool(equals(lhs, rhs))
  if (op === '!=') return bool(lhs.type !== 'nil' && rhs.type !== 'nil' && !equals(lhs, rhs))
  if (lhs.type === 'string' && rhs.type === 'string') {
    if (op === '=~' || op === '!~') return bool(matches(lhs.value, rhs.value, regexps) === (op === '=~'))
    return bool(ordered(op, compareText(lhs.value, rhs.value)))
  }
  if (lhs.type === 'bool' && rhs.type === 'bool') {
    return bool(op === '&&' ? lhs.value && rhs.value : lhs.value || rhs.value)
  }
  if (lhs.type === 'int' && rhs.type === 'int') {
    if (!isBooleanOp(op)) return integerArithmetic(op as ArithmeticOp, lhs.value, rhs.value)
    return bool(ordered(op, lhs.value < rhs.value ? -1 : lhs.value > rhs.value ? 1 : 0))
  }
  const a = toFloat(lhs)
  const b = toFloat(rhs)
  if (!isBooleanOp(op)) return float(floatArithmetic(op as ArithmeticOp, a, b))
  return bool(ordered(op, a < b ? -1 : a > b ? 1 : a === b ? 0 : Number.NaN))
}

function ordered(op: FieldOp, sign: number): boolean {
  if (op === '<') return sign < 0
  if (op === '<=') return sign <= 0
  if (op === '>') return sign > 0
  if (op === '>=') return sign >= 0
  throw new Error(`unexpected operator ${op}`)
}

/** Go compares bytes, which for UTF-8 is the order of code points. */
export function compareText(a: string, b: string): number {
  if (a === b) return 0
  const n = Math.min(a.length, b.length)
  for (let i = 0; i < n; i++) {
    const x = a.charCodeAt(i)
    const y = b.charCodeAt(i)
    if (x === y) continue
    // Surrogates stand for code points above every other unit.
    const surrogate = (u: number) => u >= 0xd800 && u < 0xe000
    if (surrogate(x) !== surrogate(y)) return surrogate(x) ? 1 : -1
    return x < y ? -1 : 1
  }
  return a.length < b.length ? -1 : 1
}

function matches(text: string, pattern: string, regexps: Regexps): boolean {
  let test = regexps.get(pattern)
  if (test === undefined) {
    test = compileRegexp(pattern)
    regexps.set(pattern, test)
  }
  return test(text)
}

function integerArithmetic(op: ArithmeticOp, a: bigint, b: bigint): Static {
  switch (op) {
    case '+':
      return int(a + b)
    case '-':
      return int(a - b)
    case '*':
      return int(a * b)
    case '/':
      if (b === 0n) throw new Error('division by zero')
      return int(a / b)
    case '%':
      if (b === 0n) throw new Error('modulo by zero')
      return int(a % b)
    case '^': {
      // The sides are the wrong way round in Tempo too: `2 ^ 3` is 9 for integers.
      const power = Number(b) ** Number(a)
      return int(Number.isFinite(power) ? BigInt(Math.trunc(power)) : -(2n ** 63n))
    }
  }
}

export function floatArithmetic(op: ArithmeticOp, a: number, b: number): number {
  switch (op) {
    case '+':
      return a + b
    case '-':
      return a - b
    case '*':
      return a * b
    case '/':
      return a / b
    case '%':
      return a % b
    case '^':
      return a ** b
  }
}

/** A number as a double, a duration as nanoseconds; NaN for all else. */
export function toFloat(s: Static): number {
  return s.type === 'int' || s.type === 'duration' || s.type === 'float' ? Number(s.value) : Number.NaN
}

function equals(a: Static, b: Static): boolean {
  if (a.type === 'nil' || b.type === 'nil') return false
  if (a.type === b.type && !isArray(a.type)) return a.value === b.value
  const integral = (s: Static) => s.type === 'int' || s.type === 'duration'
  if (integral(a) && integral(b)) return a.value === b.value
  const x = toFloat(a)
  return !Number.isNaN(x) && x === toFloat(b)
}

/** A scalar against an array: any element may match; for `!=` and `!~` every one must. */
function overElements(op: FieldOp, lhs: Static, rhs: Static, regexps: Regexps): Static {
  if (!isBooleanOp(op)) throw new Error('unsupported operation')
  if (isArray(lhs.type) && isArray(rhs.type)) {
    throw new Error('array operators must consist of a scalar and an array operand')
  }
  const left = isArray(lhs.type)
  const [array, scalar] = left ? [lhs, rhs] : [rhs, lhs]
  const elementOp = left ? (FLIPPED[op] ?? op) : op
  // A pattern stays on the right, whichever side the array is on.
  const flip = left && (op === '=~' || op === '!~')
  const all = op === '!=' || op === '!~'
  for (const element of elementsOf(array)) {
    const [a, b] = flip ? [element, scalar] : [scalar, element]
    const result = operateScalar(elementOp, a, b, regexps)
    const match = result.type === 'bool' && result.value
    if (match !== all) return bool(!all)
  }
  return bool(all)
}

function elementsOf(s: Static): Static[] {
  switch (s.type) {
    case 'int[]':
      return s.value.map(int)
    case 'float[]':
      return s.value.map(float)
    case 'string[]':
      return s.value.map(string)
    case 'bool[]':
      return s.value.map(bool)
    default:
      return [s]
  }
}

/** `-s`; undefined when it is not a number. */
export function negate(s: Static): Static | undefined {
  switch (s.type) {
    case 'int':
      return int(-s.value)
    case 'float':
      return float(-1 * s.value)
    case 'duration':
      return { ...s, value: BigInt.asIntN(64, -s.value) }
    default:
      return undefined
  }
}
