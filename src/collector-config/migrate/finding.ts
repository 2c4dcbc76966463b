import type { ConfigNode, MapEntry, MapNode } from '../node.ts'

/** One thing in an old config that today's collector would not take, and the edit that mends it. */
export interface Finding {
  at: number
  what: string
  why: string
  since: string
  apply(text: string): string
}

export function child(node: ConfigNode | undefined, ...path: string[]): ConfigNode | undefined {
  return path.reduce<ConfigNode | undefined>(
    (current, part) => (current?.kind === 'map' ? current.entries.get(part)?.value : undefined),
    node,
  )
}

/** The components of a section, by id. */
export function componentsOf(root: MapNode, section: string): [string, MapEntry][] {
  const node = root.entries.get(section)?.value
  return node?.kind === 'map' ? [...node.entries] : []
}

export function typeAndName(id: string): [string, string] {
  const slash = id.indexOf('/')
  return slash < 0 ? [id.trim(), ''] : [id.slice(0, slash).trim(), id.slice(slash + 1).trim()]
}

/** An id that is not in use: `debug`, else `debug/old`, `debug/old2`... */
export function freeId(root: MapNode, section: string, wanted: string, otherwise: string): string {
  const taken = new Set(componentsOf(root, section).map(([id]) => id))
  if (!taken.has(wanted)) return wanted
  for (let i = 1; ; i++) {
    const id = `${otherwise}${i === 1 ? '' : i}`
    if (!taken.has(id)) return id
  }
}

export function textAt(node: ConfigNode | undefined, ...path: string[]): string | undefined {
  const found = child(node, ...path)
  return found?.kind === 'scalar' && found.type !== 'nil' ? String(found.value) : undefined
}
