import type { Extraction } from '../ast.ts'
import type { LineLabels } from './labels.ts'
import { LogfmtScanner } from './logfmt-scan.ts'
import { createNameCache, sanitize, withoutReplacements } from './names.ts'
import { ERROR_LABEL } from './reserved.ts'
import { type Stage, stage } from './stage.ts'

/** `| logfmt`: every pair becomes a label. Only `--strict` minds faults, only `--keep-empty` takes empty values. */
export function logfmtStage(strict: boolean, keepEmpty: boolean): Stage {
  const nameOf = createNameCache(sanitize)
  return stage((line, labels) => {
    if (labels.complete) return line
    const scanner = new LogfmtScanner(line)
    while (!scanner.atEnd) {
      if (!scanner.next()) {
        if (strict) break
        continue
      }
      const name = nameOf(scanner.key)
      const slot = name === '' ? undefined : labels.place(name)
      if (slot === undefined) continue
      const value = withoutReplacements(scanner.value)
      if (value === '' && !keepEmpty) continue
      if (!labels.take(slot, value)) return undefined
      if (labels.allExtracted) break
    }
    if (strict && scanner.error !== undefined) {
      labels.failParse('LogfmtParserErr', scanner.error)
      if (!labels.hints.passes(ERROR_LABEL, labels)) return undefined
    }
    return line
  })
}

/** `| logfmt code="status", msg`: these pairs only, under names of the query's choice; empty where there is none. */
export function logfmtExpressionStage(expressions: readonly Extraction[], strict: boolean): Stage {
  const wanted = new Map<string, string>()
  for (const { label, expression } of expressions) wanted.set(label, parseLogfmtExpression(expression))
  const nameOf = createNameCache(sanitize)
  return stage((line, labels) => {
    if (labels.complete) return line
    for (const label of wanted.keys()) if (!labels.taken(label)) labels.set(label, '')
    const scanner = new LogfmtScanner(line)
    while (!scanner.atEnd) {
      if (!scanner.next()) {
        if (strict) break
        continue
      }
      const key = nameOf(scanner.key)
      if (key === '' || !useful(key, wanted, labels)) continue
      const label = [...wanted].find(([, from]) => from === key)?.[0] ?? key
      if (!wanted.has(label)) continue
      const value = scanner.value.includes('\uFFFD') ? '' : scanner.value
      if (labels.taken(label)) {
        const slot = labels.place(label)
        if (slot === undefined) break
        labels.take(slot, value)
      } else labels.set(label, value)
      if (labels.allExtracted) break
    }
    if (strict && scanner.error !== undefined) labels.failParse('LogfmtParserErr', scanner.error)
    return line
  })
}

/** Under its new name a pair is always of use; under another only where the query as a whole needs it. */
function useful(key: string, wanted: ReadonlyMap<string, string>, labels: LineLabels): boolean {
  if (wanted.has(key)) return true
  return labels.hints.needs(key) && !labels.extracted(key)
}

/** `key | STRING`, then more strings, which change nothing. Throws Error. */
function parseLogfmtExpression(expression: string): string {
  const refuse = (reason: string) => new Error(`cannot parse expression [${expression}]: ${reason}`)
  const found = /^[ \t\n]*(?:([A-Za-z_]\w*)|"([^"\]]*)["\]]?)([\s\S]*)$/.exec(expression)
  if (found === null) {
    const char = /[^ \t\n]/.exec(expression)?.[0]
    const what = char === undefined || !/\w/.test(char) || /\d/.test(char) ? '$end' : char
    throw refuse(`syntax error: unexpected ${what}, expecting STRING or KEY`)
  }
  const rest = found[3]!.trim()
  if (rest !== '' && !rest.startsWith('"')) {
    throw refuse(/^[A-Za-z_]/.test(rest) ? 'syntax error: unexpected KEY' : `unexpected char ${rest[0]}`)
  }
  return found[1] ?? found[2]!
}
