import { arithmetic, compare, isComparison, isSetOperator } from '../arithmetic.ts'
import type { BinaryOperation, BinaryOperator, VectorMatching } from '../ast.ts'
import { createSeries, keepLabels, labelsKey, type Series, withLabel, withoutLabels } from './matrix.ts'

/** What the operator yields for two values: undefined where a comparison filters the sample out. */
type Operate = (left: number, right: number) => number | undefined

function operation(operator: BinaryOperator, bool: boolean, kept: 'left' | 'right'): Operate {
  if (!isComparison(operator)) return (a, b) => arithmetic(operator as never, a, b)
  return (a, b) => {
    const holds = compare(operator, a, b)
    if (bool) return Number(holds)
    if (!holds) return undefined
    return kept === 'left' ? a : b
  }
}

/** A number on one side: every series of the other keeps its labels. */
export function withLiteral(
  { operator, bool }: BinaryOperation,
  value: number,
  side: 'left' | 'right',
  series: Series[],
): Series[] {
  const operate = operation(operator, bool, side === 'left' ? 'right' : 'left')
  return series.map(({ labels, values, has }) => {
    const result = createSeries(labels, has.length)
    for (let i = 0; i < has.length; i++) {
      if (has[i] !== 1) continue
      const made = side === 'left' ? operate(value, values[i]!) : operate(values[i]!, value)
      if (made === undefined) continue
      result.values[i] = made
      result.has[i] = 1
    }
    return result
  })
}

/** Throws Error where series match more than one of the other side. */
export function between(expression: BinaryOperation, left: Series[], right: Series[], steps: number): Series[] {
  const signature = signatureOf(expression.matching)
  if (isSetOperator(expression.operator)) return setOperation(expression.operator, left, right, signature, steps)
  return vectorOperation(expression, left, right, signature, steps)
}

type Signature = (series: Series) => string

function signatureOf({ on, labels }: VectorMatching): Signature {
  const names = new Set(labels ?? [])
  return on
    ? (series) => labelsKey(keepLabels(series.labels, names).filter(([, value]) => value !== ''))
    : (series) => labelsKey(withoutLabels(series.labels, names))
}

function setOperation(
  operator: 'and' | 'or' | 'unless',
  left: readonly Series[],
  right: readonly Series[],
  signature: Signature,
  steps: number,
): Series[] {
  const present = (list: readonly Series[]): Map<string, Uint8Array> => {
    const all = new Map<string, Uint8Array>()
    for (const series of list) {
      const key = signature(series)
      const has = all.get(key) ?? new Uint8Array(steps)
      for (let i = 0; i < steps; i++) has[i]! |= series.has[i]!
      all.set(key, has)
    }
    return all
  }
  const masked = (list: readonly Series[], others: Map<string, Uint8Array>, wanted: 0 | 1): Series[] =>
    list.map(({ labels, values, has }, n) => {
      const other = others.get(signature(list[n]!))
      return { labels, values, has: has.map((there, i) => (there === 1 && (other?.[i] ?? 0) === wanted ? 1 : 0)) }
    })
  if (operator === 'and') return masked(left, present(right), 1)
  if (operator === 'unless') return masked(left, present(right), 0)
  return [...left, ...masked(right, present(left), 0)]
}

function vectorOperation(
  { operator, bool, matching }: BinaryOperation,
  left: Series[],
  right: Series[],
  signature: Signature,
  steps: number,
): Series[] {
  const swapped = matching.card === 'one-to-many'
  const [many, one] = swapped ? [right, left] : [left, right]
  const operate = operation(operator, bool, 'left')
  const ones = new Map<string, Series[]>()
  for (const series of one) {
    const key = signature(series)
    ones.set(key, [...(ones.get(key) ?? []), series])
  }
  checkUnique(ones, steps, swapped ? 'left' : 'right')
  const results = new Map<string, Series>()
  const taken = new Map<string, Uint8Array>()
  for (const series of many) {
    const key = signature(series)
    for (const other of ones.get(key) ?? []) {
      const labels = resultLabels(series.labels, other.labels, matching)
      const name = labelsKey(labels)
      // One-to-one: a match may be used once. Else the labels of the results must differ.
      const claim = matching.card === 'one-to-one' ? key : `${key}\u0002${name}`
      const used = taken.get(claim) ?? new Uint8Array(steps)
      taken.set(claim, used)
      const result = results.get(name) ?? createSeries(labels, steps)
      results.set(name, result)
      for (let i = 0; i < steps; i++) {
        if (series.has[i] !== 1 || other.has[i] !== 1) continue
        if (used[i] === 1) throw new Error(ambiguous(matching.card))
        used[i] = 1
        const [a, b] = swapped ? [other, series] : [series, other]
        const made = operate(a.values[i]!, b.values[i]!)
        if (made === undefined) continue
        result.values[i] = made
        result.has[i] = 1
      }
    }
  }
  return [...results.values()]
}

function ambiguous(card: VectorMatching['card']): string {
  return card === 'one-to-one'
    ? 'multiple matches for labels: many-to-one matching must be explicit (group_left/group_right)'
    : 'multiple matches for labels: grouping labels must ensure unique matches'
}

function checkUnique(ones: ReadonlyMap<string, Series[]>, steps: number, side: string): void {
  for (const list of ones.values()) {
    if (list.length < 2) continue
    for (let i = 0; i < steps; i++) {
      if (list.filter(({ has }) => has[i] === 1).length < 2) continue
      throw new Error(
        `found duplicate series on the ${side} hand-side` +
          ';many-to-many matching not allowed: matching labels must be unique on one side',
      )
    }
  }
}

function resultLabels(many: Series['labels'], one: Series['labels'], matching: VectorMatching): Series['labels'] {
  const names = new Set(matching.labels ?? [])
  let labels = withoutLabels(many, new Set())
  if (matching.card === 'one-to-one') labels = matching.on ? keepLabels(labels, names) : withoutLabels(labels, names)
  for (const name of matching.include ?? []) labels = withLabel(labels, name, one.find(([n]) => n === name)?.[1] ?? '')
  return labels
}
