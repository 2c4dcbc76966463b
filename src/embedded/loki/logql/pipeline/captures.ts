import { matchPattern, parsePattern } from '../pattern.ts'
import { compileRegexp } from '../regexp.ts'
import type { LineLabels } from './labels.ts'
import { sanitize } from './names.ts'
import { type Stage, stage } from './stage.ts'

/** `| regexp "(?P<name>...)"`: named groups become labels. A line that does not match stays as it is. */
export function regexpStage(pattern: string): Stage {
  const regexp = compileRegexp(pattern)
  const names = regexp.groupNames.map(sanitize)
  return stage((line, labels) => {
    const found = regexp.exec(line)
    if (found === undefined) return line
    for (const [i, name] of names.entries()) {
      if (name !== '' && !take(name, found.groups[i] ?? '', labels)) return undefined
    }
    return line
  })
}

/** `| pattern "<ip> - <_> <status>"` */
export function patternStage(pattern: string): Stage {
  const parsed = parsePattern(pattern)
  if ('error' in parsed) throw new Error(parsed.error)
  return stage((line, labels) => {
    if (labels.complete) return line
    for (const [i, value] of matchPattern(parsed.parts, line).entries()) {
      if (!take(parsed.names[i]!, value, labels)) return undefined
    }
    return line
  })
}

/** False where the label's value shows that the line does not pass. */
function take(name: string, value: string, labels: LineLabels): boolean {
  const slot = labels.place(name)
  return slot === undefined || labels.take(slot, value)
}
