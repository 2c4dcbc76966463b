import type { Expression, LogExpression } from '../ast.ts'
import type { Draft, Invalid } from './build.ts'
import type { ParseFault } from './fault.ts'

/** The first fault of a query that is well formed, in the order in which Loki looks: from the outside in, left first. */
export function validate(draft: Draft<Expression>): ParseFault | undefined {
  const queue: Draft<Expression>[] = [draft]
  for (let node = queue.pop(); node !== undefined; node = queue.pop()) {
    const fault = node.node === 'invalid' ? (node as Invalid) : check(node)
    if (fault !== undefined) return fault
    if (node.node === 'binary') queue.push(node.right, node.left)
    if (node.node === 'aggregation' || node.node === 'label_replace') queue.push(node.operand)
  }
  return undefined
}

function check(node: Expression): ParseFault | undefined {
  if (node.node === 'logs') return checkSelector(node)
  if (node.node === 'range') return checkSelector(node.range.logs)
  if (node.node !== 'aggregation' || !node.operation.startsWith('sort')) return undefined
  if ((node.grouping?.labels.length ?? 0) === 0) return undefined
  return { message: "sort and sort_desc doesn't allow grouping by ", offset: 0 }
}

/** A query may not run over all streams there are. */
function checkSelector({ matchers }: LogExpression): ParseFault | undefined {
  if (matchers.some((m) => !m.matches(''))) return undefined
  const message =
    'queries require at least one regexp or equality matcher that does not have an empty-compatible value. ' +
    'For instance, app=~".*" does not meet this requirement, but app=~".+" will'
  return { message, offset: 0 }
}
