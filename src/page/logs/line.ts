import type { Labels, LogLine } from '../../page-server/answers.ts'

export type Level = 'error' | 'warn' | 'info' | 'debug' | 'unknown'

export interface ShownLine {
  /** Its nanoseconds, and what tells it from others of the same: many a clock knows milliseconds only. */
  key: string
  line: LogLine
  labels: Labels
  level: Level
  /** What it says, without its fields. */
  message: string
  /** What is worth seeing beside the message. */
  fields: [string, string][]
  traceId: string | undefined
  spanId: string | undefined
}

const LEVELS: [RegExp, Level][] = [
  [/^(fatal|critical|crit|emerg|alert|error|err)/i, 'error'],
  [/^warn/i, 'warn'],
  [/^(info|notice)/i, 'info'],
  [/^(debug|trace)/i, 'debug'],
]

/** What a terminal would take for colours. */
const COLOURS = /\u001b\[[\d;]*m/g

/** What every line of a run has alike, and what is shown elsewhere. */
const DULL =
  /^(timestamp|time|ts|level|message|msg|body|trace_?id|span_?id|traceID|spanID|flags|observed_timestamp|severity_.*|detected_level|otel_lab_run_id|process_.*|telemetry_sdk_.*|scope_.*|service_.*|deployment_.*|__.*)$/

export function showLine(line: LogLine, labels: Labels): ShownLine {
  const body = bodyOf(line.line)
  const found = (...names: string[]) => {
    for (const name of names) {
      const value = line.parsed?.[name] ?? line.metadata[name] ?? body?.[name] ?? labels[name]
      if (value !== undefined && value !== null && value !== '') return String(value)
    }
    return undefined
  }
  const said = found('detected_level', 'level', 'severity_text', 'severity')
  const fields = Object.entries({ ...line.metadata, ...body, ...line.parsed }).filter(([name]) => !DULL.test(name))
  return {
    key: `${line.ns}-${markOf(line.line, streamMark(labels))}`,
    line,
    labels,
    level: LEVELS.find(([pattern]) => pattern.test(said ?? ''))?.[1] ?? 'unknown',
    message: (body ? (textOf(body.message ?? body.msg ?? body.body) ?? line.line) : line.line).replaceAll(COLOURS, ''),
    fields: fields.map(([name, value]) => [name, textOf(value) ?? '']),
    traceId: found('trace_id', 'traceid', 'traceID', 'TraceId'),
    spanId: found('span_id', 'spanid', 'spanID', 'SpanId'),
  }
}

/** Where a line is among others, by its key or by its nanoseconds alone; -1 where it is not. */
export function indexOfLine(lines: readonly ShownLine[], wanted: string | undefined): number {
  if (wanted === undefined) return -1
  const at = lines.findIndex(({ key }) => key === wanted)
  const ns = nanosOf(wanted)
  return at === -1 ? lines.findIndex(({ line }) => line.ns === ns) : at
}

/** The nanoseconds of a line's key. */
export const nanosOf = (key: string) => key.replace(/-.*/, '')

const marks = new WeakMap<Labels, number>()
/** Of a stream's labels, whatever their order. */
function streamMark(labels: Labels): number {
  const found = marks.get(labels) ?? Number.parseInt(markOf(Object.entries(labels).sort().join()), 36)
  marks.set(labels, found)
  return found
}

/** FNV-1a, of as much as tells lines apart. */
function markOf(text: string, seed = 2_166_136_261): string {
  let hash = seed ^ text.length
  for (let i = 0; i < Math.min(text.length, 2_000); i++) hash = Math.imul(hash ^ text.charCodeAt(i), 16_777_619)
  return (hash >>> 0).toString(36)
}

/** The fields of a line that is a JSON object. */
function bodyOf(text: string): Record<string, unknown> | undefined {
  if (!text.startsWith('{')) return undefined
  try {
    return JSON.parse(text) as Record<string, unknown>
  } catch {
    return undefined
  }
}

function textOf(value: unknown): string | undefined {
  if (value === undefined || value === null) return undefined
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}
