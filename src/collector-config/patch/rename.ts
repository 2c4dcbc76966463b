import { isMap, type Node } from 'yaml'
import type { SECTIONS } from '../component.ts'
import { readDocument } from '../document.ts'
import { applyEdits } from '../patch.ts'
import { formatPath } from './path.ts'
import { pairOf, readTree, splice } from './tree.ts'
import { keyText } from './value.ts'

type SectionName = (typeof SECTIONS)[keyof typeof SECTIONS]

/** Gives a key another name; its place, its value and the comments stay. */
export function renameKey(text: string, path: string[], name: string): string {
  const tree = readTree(text)
  let node = tree.yaml.contents as Node | null | undefined
  for (const part of path.slice(0, -1)) node = isMap(node) ? pairOf(node, part)?.value : undefined
  const pair = isMap(node) ? pairOf(node, path.at(-1)!) : undefined
  if (pair === undefined) return text
  const [start, end] = pair.key.range!
  return splice(text, start, end, keyText(name))
}

/** Lists that may name a component of a section. */
const LISTS: Record<SectionName, string[]> = {
  receivers: ['receivers'],
  processors: ['processors'],
  exporters: ['exporters'],
  connectors: ['receivers', 'exporters'],
  extensions: [],
}

export interface Mention {
  path: string[]
  /** The path of the list it stands in. */
  list: string[]
}

/** Where pipelines and `service.extensions` name a component. */
export function mentionsOf(text: string, section: SectionName, id: string): Mention[] {
  const { root } = readDocument(text)
  const service = root?.kind === 'map' ? root.entries.get('service')?.value : undefined
  if (service?.kind !== 'map') return []
  const mentions: Mention[] = []
  const look = (list: string[], node = at(list)) => {
    if (node?.kind !== 'list') return
    for (const [i, item] of node.items.entries()) {
      if (item.kind === 'scalar' && item.value === id) mentions.push({ path: [...list, String(i)], list })
    }
  }
  const at = (path: string[]) =>
    path.reduce<typeof root>((node, part) => (node?.kind === 'map' ? node.entries.get(part)?.value : undefined), root)
  if (section === 'extensions') look(['service', 'extensions'])
  const pipelines = service.entries.get('pipelines')?.value
  if (pipelines?.kind === 'map') {
    for (const pipeline of pipelines.entries.keys()) {
      for (const key of LISTS[section]) look(['service', 'pipelines', pipeline, key])
    }
  }
  return mentions
}

/** Gives a component another id, everywhere that it is named. */
export function renameComponent(text: string, section: SectionName, id: string, to: string): string {
  const edits = mentionsOf(text, section, id).map(
    ({ path }) => ({ op: 'set', path: formatPath(path), value: to }) as const,
  )
  return applyEdits(renameKey(text, [section, id], to), edits)
}

/** Takes a component away, with every mention of it. */
export function removeComponent(text: string, section: SectionName, id: string): string {
  const edits = mentionsOf(text, section, id).map(
    ({ list }) => ({ op: 'remove', path: formatPath(list), value: id }) as const,
  )
  return applyEdits(text, [...edits, { op: 'remove', path: formatPath([section, id]) }])
}
