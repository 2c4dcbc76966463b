/** What the nested set model needs of a span; the numbers are filled in. */
export interface Node {
  readonly id: string
  /** '' for a root. */
  readonly parentId: string
  readonly isServer: boolean
  readonly isClient: boolean
  left: number
  right: number
  parentLeft: number
  childCount: number
}

/**
 * Numbers the spans of one trace so that a span's interval holds those of its descendants. Spans that hang from no
 * root keep 0, and all do where an id is shared by more than two (Zipkin gives a client and a server the same one).
 */
export function assignNestedSet(nodes: readonly Node[]): void {
  const byId = new Map<string, Node[]>()
  for (const node of nodes) {
    node.left = node.right = node.parentLeft = node.childCount = 0
    const same = byId.get(node.id)
    if (same) same.push(node)
    else byId.set(node.id, [node])
  }
  const roots = nodes.filter((node) => node.parentId === '')
  if (roots.length === 0 || [...byId.values()].some((same) => same.length > 2)) return
  const children = new Map<Node, Node[]>()
  for (const node of nodes) {
    const parent = node.parentId === '' ? undefined : parentOf(node, byId.get(node.parentId) ?? [])
    if (parent === undefined) continue
    parent.childCount++
    const list = children.get(parent)
    if (list) list.push(node)
    else children.set(parent, [node])
  }
  let bound = 1
  for (const root of roots) {
    // By hand, not by recursion: a trace may be a chain of any length.
    const path: { node: Node; next: number }[] = [{ node: root, next: 0 }]
    root.left = bound++
    root.parentLeft = -1
    while (path.length > 0) {
      const top = path.at(-1)!
      const child = children.get(top.node)?.[top.next++]
      if (child === undefined) {
        top.node.right = bound++
        path.pop()
      } else {
        child.left = bound++
        child.parentLeft = top.node.left
        path.push({ node: child, next: 0 })
      }
    }
  }
}

function parentOf(node: Node, candidates: Node[]): Node | undefined {
  if (candidates.length < 2) return candidates[0]
  return candidates.find((c) => (node.isServer ? c.isClient : c.isServer))
}
