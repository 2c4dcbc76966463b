import type { ConfigNode } from '../node.ts'
import { formatPath } from '../patch/path.ts'
import { applyEdits } from '../patch.ts'
import type { Finding } from './finding.ts'

/** `$NAME` -> `${env:NAME}`. What is escaped as `$$NAME` stays. */
export function bareVariables(node: ConfigNode, path: string[]): Finding[] {
  if (node.kind === 'list') return node.items.flatMap((item, i) => bareVariables(item, [...path, String(i)]))
  if (node.kind === 'map') {
    return [...node.entries].flatMap(([key, { value }]) => bareVariables(value, [...path, key]))
  }
  if (node.type !== 'string') return []
  const old = String(node.value)
  const bare = /(?<!\$)((?:\$\$)*)\$([A-Z_][A-Z0-9_]+)/g
  const names = [...old.matchAll(bare)].map((match) => match[2]!)
  if (names.length === 0) return []
  const value = old.replace(bare, (_, escaped: string, name: string) => `${escaped}\${env:${name}}`)
  return [
    {
      at: node.at,
      what: `${names.map((name) => `$${name} is now \${env:${name}}`).join(', ')}`,
      why: 'a bare $NAME is no longer a variable, but text',
      since: '0.107.0',
      apply: (text) => applyEdits(text, [{ op: 'set', path: formatPath(path), value }]),
    },
  ]
}
