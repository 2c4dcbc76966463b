import { HttpRefusal } from '../../http.ts'

/** `a=1 b="two words" c`, as the `tags` parameter has them. */
export function readTags(text: string): Map<string, string> {
  const tags = new Map<string, string>()
  const pattern = /\s*(?:([^\s="]+)(?:=("(?:[^"\\]|\\.)*"|[^\s"]*))?)/gy
  let at = 0
  while (text.slice(at).trim() !== '') {
    pattern.lastIndex = at
    const found = pattern.exec(text)
    if (found === null) throw new HttpRefusal(400, `invalid tags: unexpected '${text[at]}' at pos ${at + 1}`)
    const [whole, key, raw = ''] = found
    if (tags.has(key!)) throw new HttpRefusal(400, `invalid tags: tag ${key} has been set twice`)
    tags.set(key!, raw.startsWith('"') ? (JSON.parse(raw) as string) : raw)
    at += whole.length
  }
  return tags
}
