import { eachField, textOf } from './json.ts'
import { JsonFault, unescapeText } from './json-scan.ts'
import { createNameCache, sanitize } from './names.ts'
import { type Stage, stage } from './stage.ts'

/** `| unpack`: undoes Promtail's pack stage. Only when `_entry` is there do the other fields become labels. */
export function unpackStage(): Stage {
  const nameOf = createNameCache(sanitize)
  return stage((line, labels) => {
    if (line === '' || labels.complete) return line
    if (line[0] !== '{') {
      labels.failParse('JSONParserErr', 'expecting json object(6), but it is not')
      return line
    }
    let entry: string | undefined
    const found: [string, string][] = []
    try {
      eachField(line, 0, [], ([key], value) => {
        if (value.kind !== 'string') return false
        if (key === '_entry') {
          entry = unescapeText(line.slice(value.from, value.to))
          if (entry === undefined) throw new JsonFault('Encountered an invalid escape sequence in a string')
          return false
        }
        const slot = labels.place(key!)
        if (slot !== undefined) found.push([nameOf(slot.name), textOf(line, value)])
        return false
      })
    } catch (error) {
      if (!(error instanceof JsonFault)) throw error
      labels.failParse('JSONParserErr', error.message)
      return line
    }
    if (entry === undefined) return line
    for (const [name, value] of found) {
      labels.set(name, value)
      if (!labels.hints.passes(name, labels)) return undefined
    }
    return entry
  })
}
