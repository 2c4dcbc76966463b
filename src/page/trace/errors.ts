import { go } from '../state/navigation.ts'
import type { Route } from '../state/route.ts'
import type { TraceLayout } from './layout.ts'

/** On to the next span that failed, round and round. */
export function nextError({ errors, byId }: TraceLayout, route: Route): void {
  if (errors.length === 0) return
  const at = route.span ? (byId.get(route.span)?.index ?? -1) : -1
  const next = errors.find(({ index }) => index > at) ?? errors[0]!
  go({ span: next.span.id, line: undefined }, route.span ? 'detail' : 'step')
}
