import { table } from '../../../util/table.ts'
import { labelOf } from '../labels.ts'
import type { Labels } from '../logql/source.ts'

export const LEVEL_LABEL = 'detected_level'

/** Loki's default for limits_config.log_level_fields. */
export const LEVEL_FIELDS = [
  'level',
  'LEVEL',
  'Level',
  'log.level',
  'severity',
  'SEVERITY',
  'Severity',
  'SeverityText',
  'lvl',
  'LVL',
  'Lvl',
  'severity_text',
  'Severity_Text',
  'SEVERITY_TEXT',
]

const LEVELS: Record<string, string> = table({
  trace: 'trace',
  trc: 'trace',
  debug: 'debug',
  dbg: 'debug',
  info: 'info',
  inf: 'info',
  information: 'info',
  warn: 'warn',
  wrn: 'warn',
  warning: 'warn',
  error: 'error',
  err: 'error',
  critical: 'critical',
  fatal: 'fatal',
})

export interface LevelSettings {
  fields: readonly string[]
  /** How deep a level is looked for in a JSON line; 0 means any depth. */
  jsonDepth: number
}

/** The level's usual name, or the text itself when it is no level that is known. */
export function normalizeLevel(text: string): string {
  return LEVELS[text.toLowerCase()] ?? text
}

/**
 * What Loki writes into `detected_level` when a line does not have it yet: from the stream's labels, the structured
 * metadata, OTLP's severity number, the line as JSON or logfmt, and last a word in the line.
 */
export function detectLevel(stream: Labels, metadata: Labels, line: string, settings: LevelSettings): string {
  const named = firstOf(stream, settings.fields) ?? firstOf(metadata, settings.fields)
  if (named !== undefined) return normalizeLevel(named)
  const severity = labelOf(metadata, 'severity_number')
  return severity === undefined ? levelOfLine(line, settings) : levelOfNumber(severity)
}

/** The value of the earliest of `names` that is there. */
function firstOf(labels: Labels, names: readonly string[]): string | undefined {
  let best: string | undefined
  let rank = names.length
  for (const [name, value] of labels) {
    const at = names.indexOf(name)
    if (at === -1 || at >= rank) continue
    rank = at
    best = value
  }
  return best
}

/** OTLP logs data model, SeverityNumber: four numbers a level. */
function levelOfNumber(text: string): string {
  if (!/^[+-]?\d+$/.test(text)) return 'info'
  const number = Number(text)
  if (number === 0 || number > 24) return 'unknown'
  return ['trace', 'debug', 'info', 'warn', 'error', 'fatal'][Math.max(0, Math.ceil(number / 4) - 1)]!
}

function levelOfLine(line: string, settings: LevelSettings): string {
  const trimmed = line.trim()
  let value: string | undefined
  if (trimmed.startsWith('{') && trimmed.endsWith('}')) value = levelInJson(trimmed, settings)
  else if (line.includes('=')) value = levelInLogfmt(line, settings.fields)
  return (value === undefined ? undefined : LEVELS[value.toLowerCase()]) ?? levelWord(line)
}

function levelInJson(text: string, { fields, jsonDepth }: LevelSettings): string | undefined {
  let root: unknown
  try {
    root = JSON.parse(text)
  } catch {
    return undefined
  }
  // A line nested thousands deep must not end the process.
  const deepest = jsonDepth > 0 ? jsonDepth : 64
  const search = (object: object, depth: number): string | undefined => {
    if (depth >= deepest) return undefined
    for (const [key, value] of Object.entries(object)) {
      if (typeof value === 'string' && fields.includes(key)) return value
      if (value === null || typeof value !== 'object' || Array.isArray(value)) continue
      const inner = search(value, depth + 1)
      if (inner !== undefined) return inner
    }
    return undefined
  }
  return search(root as object, 0)
}

const PAIR = /\s*([^\s="]+)(?:=(?:"((?:[^"\\]|\\.)*)"|([^\s"]*)))?/y

/** The value of the earliest of `fields` that is a key in the line; case does not matter here. */
function levelInLogfmt(line: string, fields: readonly string[]): string | undefined {
  const wanted = fields.map((field) => field.toLowerCase())
  let best: string | undefined
  let rank = wanted.length
  PAIR.lastIndex = 0
  for (let match = PAIR.exec(line); match !== null; match = PAIR.exec(line)) {
    const at = wanted.indexOf(match[1]!.toLowerCase())
    if (at === -1 || at >= rank) continue
    rank = at
    best = match[2] ?? match[3] ?? ''
    if (rank === 0) break
  }
  return best
}

/** A level's name as a word of its own. A colon may follow it but not precede it: `misc:error` is no level. */
const WORD = /(?:^|[ \t\n[({"'=|])(trace|debug|fatal|critical|error|err|warning|warn|info)(?=$|[ \t\n[\](){}:,!"'=|])/i

function levelWord(line: string): string {
  const word = WORD.exec(line)?.[1]
  return word === undefined ? 'unknown' : LEVELS[word.toLowerCase()]!
}
