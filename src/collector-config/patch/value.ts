import { isScalar, type Node } from 'yaml'
import { boundedDocument } from '../../util/yaml.ts'
import { readValue } from '../document.ts'
import { isMapping } from '../effect.ts'
import { type ConfigNode, isNil, plainOf } from '../node.ts'

/** What is to be written: its text, and the value that the text stands for. */
export interface NewValue {
  text: string
  node: ConfigNode
}

/** Reads what the user typed as YAML; what is no YAML on one line is taken as a text, in quotes. */
export function newValue(typed: string): NewValue {
  const text = typed.trim()
  const node = text.includes('\n') ? undefined : readValue(text, 0)
  // A comment typed along would swallow what follows on the line.
  const contents = boundedDocument(text, { schema: 'failsafe', logLevel: 'silent' }).contents
  const hasComment = contents !== null && contents.range![1] !== text.length
  if (node !== undefined && !hasComment && !isBlock(text, node)) return { text, node }
  const quoted = JSON.stringify(text)
  return { text: quoted, node: readValue(quoted, 0)! }
}

/** Data as one line of YAML, or of JSON. */
export function dataValue(data: unknown, json: boolean): NewValue {
  const text = json ? JSON.stringify(data) : flowText(data)
  return { text, node: readValue(text, 0)! }
}

function flowText(data: unknown): string {
  if (data === null || data === undefined) return 'null'
  if (Array.isArray(data)) return `[${data.map(flowText).join(', ')}]`
  if (isMapping(data)) {
    const entries = Object.entries(data).map(([key, value]) => `${keyText(key)}: ${flowText(value)}`)
    return `{${entries.join(', ')}}`
  }
  const text = String(data)
  const plain = readValue(`[${text}]`, 0)
  const [item] = plain?.kind === 'list' && plain.items.length === 1 ? plain.items : []
  return item?.kind === 'scalar' && item.value === data ? text : JSON.stringify(data)
}

/** `key: value`, `- item` and `|` would need lines of their own. */
function isBlock(text: string, node: ConfigNode): boolean {
  return /^[|>]/.test(text) || (node.kind !== 'scalar' && !/^[[{]/.test(text))
}

/** The text as it may stand inside `[...]` or `{...}`, where commas and brackets end a plain text. */
export function inFlow({ text, node }: NewValue): string {
  if (text === '') return ''
  const alone = readValue(`[${text}]`, 0)
  const same = alone?.kind === 'list' && alone.items.length === 1 && sameValue(alone.items[0]!, node)
  return same ? text : JSON.stringify(text)
}

/** The text in the quotes that the old value wore, where both are texts. */
export function inQuotesOf(old: Node, { text, node }: NewValue): string {
  // Only what is typed plainly: quotes, a tag or an anchor of its own stay as typed.
  if (!isScalar(old) || node.kind !== 'scalar' || node.type !== 'string' || node.value !== text) return text
  if (old.type === 'QUOTE_DOUBLE') return JSON.stringify(text)
  return old.type === 'QUOTE_SINGLE' ? `'${text.replaceAll("'", "''")}'` : text
}

export function sameValue(a: ConfigNode, b: ConfigNode): boolean {
  return JSON.stringify(plainOf(a)) === JSON.stringify(plainOf(b)) && isNil(a) === isNil(b)
}

/** A key as it may be written. */
export function keyText(key: string, json = false): string {
  return !json && /^[A-Za-z_][\w./-]*$/.test(key) ? key : JSON.stringify(key)
}
