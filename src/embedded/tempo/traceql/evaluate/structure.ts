import type { SpansetOp } from '../ast.ts'
import type { EvalSpan } from './fetched.ts'

/**
 * The spans of `rhs` that stand in the relation `op` to a span of `lhs`; for `!` those that do not; for `&` both
 * sides of every pair. It works on the nested set model, so each relation is a lookup: spans of one trace form a
 * tree, hence their intervals never cross.
 */
export function related<T extends EvalSpan>(op: SpansetOp, lhs: readonly T[], rhs: readonly T[]): T[] {
  const relation = op.replace(/^[!&]/, '')
  if (op.startsWith('&')) {
    const right = select(relation, lhs, rhs)
    const left = select(INVERSE[relation]!, rhs, lhs)
    return [...new Set([...right, ...left])]
  }
  if (!op.startsWith('!')) return select(relation, lhs, rhs)
  const matched = new Set(select(relation, lhs, rhs))
  return rhs.filter((span) => !matched.has(span))
}

const INVERSE: Record<string, string> = { '>': '<', '<': '>', '>>': '<<', '<<': '>>', '~': '~' }

/** The spans of `rhs` for which some span of `lhs` gives `l relation r`. */
function select<T extends EvalSpan>(relation: string, lhs: readonly T[], rhs: readonly T[]): T[] {
  switch (relation) {
    case '>': {
      const parents = new Set(lhs.map((l) => l.left))
      return rhs.filter((r) => r.parentLeft !== 0 && parents.has(r.parentLeft))
    }
    case '<': {
      const parents = new Set(lhs.map((l) => l.parentLeft))
      return rhs.filter((r) => r.left !== 0 && parents.has(r.left))
    }
    case '~': {
      const families = new Map<number, T[]>()
      for (const l of lhs) {
        const family = families.get(l.parentLeft)
        if (family === undefined) families.set(l.parentLeft, [l])
        // Two are enough to know of one that is not the span itself.
        else if (family.length < 2 && family[0] !== l) family.push(l)
      }
      return rhs.filter((r) => r.parentLeft !== 0 && (families.get(r.parentLeft) ?? []).some((l) => l !== r))
    }
    case '>>':
      return descendants(lhs, rhs)
    default:
      return ancestors(lhs, rhs)
  }
}

const inTree = (s: EvalSpan) => s.left !== 0 && s.right !== 0
const byLeft = (a: EvalSpan, b: EvalSpan) => a.left - b.left

/** Index of the first item of sorted `list` whose left is not below `left`. */
function firstFrom(list: readonly EvalSpan[], left: number): number {
  let low = 0
  let high = list.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (list[middle]!.left < left) low = middle + 1
    else high = middle
  }
  return low
}

function descendants<T extends EvalSpan>(lhs: readonly T[], rhs: readonly T[]): T[] {
  const starts = lhs.filter(inTree).sort(byLeft)
  const reach: number[] = []
  let furthest = 0
  for (const l of starts) {
    furthest = Math.max(furthest, l.right)
    reach.push(furthest)
  }
  return rhs.filter((r) => {
    const before = firstFrom(starts, r.left)
    return inTree(r) && before > 0 && reach[before - 1]! > r.right
  })
}

function ancestors<T extends EvalSpan>(lhs: readonly T[], rhs: readonly T[]): T[] {
  const starts = lhs.filter(inTree).sort(byLeft)
  return rhs.filter((r) => {
    const next = starts[firstFrom(starts, r.left + 1)]
    return inTree(r) && next !== undefined && next.right < r.right
  })
}
