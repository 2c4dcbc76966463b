import { type Labels, withLabel } from '../../../series/labels.ts'
import { type Expr, unwrapped } from '../ast.ts'

/** What can be said of a series that is not there: the labels that its selector demands once. */
export function absentLabels(arg: Expr): Labels {
  const expr = unwrapped(arg)
  const selector = expr.kind === 'matrix' ? expr.selector : expr
  if (selector.kind !== 'vector') return []
  let labels: Labels = []
  const seen = new Set<string>()
  for (const { name, op, value } of selector.matchers) {
    if (name === '__name__') continue
    const first = op === '=' && !seen.has(name)
    labels = withLabel(labels, name, first ? value : '')
    if (first) seen.add(name)
  }
  return labels
}
