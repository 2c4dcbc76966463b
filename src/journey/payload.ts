import type { Tap } from '../engine.ts'

const MOST_LINES = 60

/** What travelled, as lines to print: OTLP as indented JSON, of a page the lines of this run. Bounded. */
export async function payloadLines(tap: Tap, seq: number, runId: string): Promise<string[]> {
  const payload = await tap.payload(seq)
  if (payload === undefined) return ['(forgotten: the collector keeps the newest payloads only)']
  const lines = payload.format.startsWith('OTLP') ? pretty(payload.text) : ofRun(payload.text, runId)
  if (lines.length <= MOST_LINES) return lines
  return [...lines.slice(0, MOST_LINES), `… and ${lines.length - MOST_LINES} lines more`]
}

const pretty = (text: string) => compact(JSON.parse(text)).split('\n')

/** JSON with attributes on one line each, as one reads them. */
function compact(value: unknown): string {
  const text = JSON.stringify(value, undefined, 1)
  return text
    .replaceAll(/\{\s*"key": ("(?:[^"\\]|\\.)*"),\s*"value": \{\s*"(\w+)": ([^{}[\]]*?)\s*\}\s*\}/g, '{$1: $2 $3}')
    .replaceAll(/\n\s*\n/g, '\n')
}

/** With the comments of their metrics. */
function ofRun(page: string, runId: string): string[] {
  const lines = page.split('\n')
  const wanted = lines.filter((line) => !line.startsWith('#') && line.includes(runId))
  const names = new Set(wanted.map((line) => /^[\w:]+/.exec(line)?.[0] ?? ''))
  const belongs = (line: string) => {
    const name = /^# \w+ (\S+)/.exec(line)?.[1]
    return name !== undefined && [...names].some((one) => one === name || one.startsWith(`${name}_`))
  }
  return lines.filter((line) => wanted.includes(line) || (line.startsWith('#') && belongs(line)))
}
