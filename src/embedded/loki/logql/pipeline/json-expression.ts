import type { Extraction } from '../ast.ts'
import { parseJsonPath, type Step } from './json-path.ts'
import { JsonFault, nextToken, readValue, stringEnd, unescapeText, type Value } from './json-scan.ts'
import { withoutReplacements } from './names.ts'
import { DUPLICATE_SUFFIX } from './reserved.ts'
import { type Stage, stage } from './stage.ts'

/** `| json first="servers[0]", agent="headers[\"User-Agent\"]"`: these values only; empty where there is none. */
export function jsonExpressionStage(expressions: readonly Extraction[]): Stage {
  const paths = expressions.map(({ label, expression }) => ({ label, path: parseJsonPath(expression) }))
  return stage((line, labels) => {
    if (line === '' || labels.complete) return line
    if (!/^["{[]/.test(line)) {
      labels.failParse('JSONParserErr', undefined)
      return line
    }
    let found = 0
    for (const { label, path } of paths) {
      try {
        const value = find(line, path)
        if (value === undefined) continue
        labels.set(labels.taken(label) ? label + DUPLICATE_SUFFIX : label, text(line, value))
        found++
      } catch (error) {
        if (!(error instanceof JsonFault)) throw error
        labels.failParse('JSONParserErr', error.message)
      }
    }
    if (found === paths.length) return line
    for (const { label } of paths) if (labels.get(label) === undefined) labels.set(label, '')
    return line
  })
}

function text(line: string, { kind, from, to }: Value): string {
  const raw = line.slice(from, to)
  if (kind === 'null') return ''
  return kind === 'object' ? raw : withoutReplacements(unescapeText(raw) ?? '')
}

/** Undefined when there is no such value, or no way to it; a fault in the value itself is thrown. */
function find(line: string, path: readonly Step[]): Value | undefined {
  let at = nextToken(line, 0)
  for (const [i, step] of path.entries()) {
    const next = typeof step === 'number' ? elementAt(line, at, step) : fieldAt(line, at, step, i === path.length - 1)
    if (next === undefined) return undefined
    at = next
  }
  return readValue(line, at)
}

function fieldAt(line: string, from: number, key: string, last: boolean): number | undefined {
  if (line[from] !== '{') return undefined
  let at = nextToken(line, from + 1)
  while (line[at] === '"') {
    const end = stringEnd(line, at + 1)
    if (end < 0) return undefined
    const name = unescapeText(line.slice(at + 1, end))
    at = nextToken(line, end + 1)
    if (name === undefined || line[at] !== ':') return undefined
    const value = nextToken(line, at + 1)
    if (name === key && (last || value < line.length)) return value
    const after = skip(line, value)
    if (after === undefined || line[after] !== ',') return undefined
    at = nextToken(line, after + 1)
  }
  return undefined
}

function elementAt(line: string, from: number, index: number): number | undefined {
  if (line[from] !== '[') return undefined
  let at = nextToken(line, from + 1)
  if (line[at] === ']') return undefined
  for (let i = 0; i < index; i++) {
    const after = skip(line, at)
    if (after === undefined || line[after] !== ',') return undefined
    at = nextToken(line, after + 1)
  }
  return at
}

function skip(line: string, at: number): number | undefined {
  try {
    return nextToken(line, readValue(line, at).end)
  } catch {
    return undefined
  }
}
