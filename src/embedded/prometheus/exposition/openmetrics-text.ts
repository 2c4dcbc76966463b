import {
  ExpositionError,
  type ExpositionSink,
  type FlatLabels,
  type MetricType,
  type ParsedExemplar,
  quoted,
} from './entries.ts'
import { floatOf } from './prometheus-text.ts'
import { Scanner, unescaped } from './scanner.ts'
import { canonicalBounds } from './series-key.ts'

const TYPES = new Set<string>([
  'counter',
  'gauge',
  'histogram',
  'gaugehistogram',
  'summary',
  'info',
  'stateset',
  'unknown',
])

/**
 * OpenMetrics text 1.0.0 (prometheus/OpenMetrics specification) as leniently as Prometheus reads it: the grammar
 * is checked here, the rules between lines in strict.ts. Throws ExpositionError.
 */
export function parseOpenMetricsText(page: string, damaged: boolean, sink: ExpositionSink): void {
  const scanner = new Scanner(page, damaged)
  let type: MetricType = 'unknown'
  while (scanner.at < page.length) {
    scanner.entry = scanner.at
    scanner.token = scanner.at
    if (page.charCodeAt(scanner.at) !== 35) {
      sampleLine(scanner, type, sink)
    } else if (page.startsWith('# EOF', scanner.at)) {
      const rest = page.slice(scanner.at + 5)
      if (rest !== '' && rest !== '\n') throw new ExpositionError('unexpected data after # EOF')
      return
    } else {
      type = metadata(scanner, sink) ?? type
    }
  }
  throw new ExpositionError('data does not end with # EOF')
}

/** `# HELP name text`, `# TYPE name type`, `# UNIT name unit`, one space between. There are no other comments. */
function metadata(scanner: Scanner, sink: ExpositionSink): MetricType | undefined {
  const { text } = scanner
  const keyword = text.slice(scanner.at + 2, scanner.at + 6)
  const known = text.charCodeAt(scanner.at + 1) === 32 && text.charCodeAt(scanner.at + 6) === 32
  if (!known || (keyword !== 'HELP' && keyword !== 'TYPE' && keyword !== 'UNIT')) {
    throw scanner.error('expected a valid start token', text.slice(scanner.at).split('\n')[0]!, 'INVALID')
  }
  const from = scanner.at + 7
  scanner.at = from
  scanner.token = from
  const isQuoted = text.charCodeAt(from) === 34
  const nameEnd = isQuoted ? scanner.quotedEnd(from, false) : scanner.nameEnd(from, true)
  if (nameEnd === -1 || nameEnd === from) throw scanner.unexpected(`expected metric name after ${keyword}`, 'INVALID')
  const name = isQuoted ? unescaped(text.slice(from + 1, nameEnd - 1)) : text.slice(from, nameEnd)
  const end = text.indexOf('\n', nameEnd)
  if (end === -1 || text.charCodeAt(nameEnd) !== 32) throw new ExpositionError(`expected text in ${keyword}`)
  const rest = text.slice(nameEnd + 1, end)
  scanner.at = end + 1
  if (keyword === 'HELP') {
    sink.help(name, unescaped(rest))
  } else if (keyword === 'UNIT') {
    if (rest !== '' && !name.endsWith(`_${rest}`)) {
      throw new ExpositionError(`unit ${quoted(rest)} not a suffix of metric ${quoted(name)}`)
    }
    sink.unit(name, rest)
  } else {
    if (!TYPES.has(rest)) throw new ExpositionError(`invalid metric type ${quoted(rest)}`)
    sink.type(name, rest as MetricType)
    return rest as MetricType
  }
  return undefined
}

/** name `{` labels `}` SP value [SP timestamp in s] [SP `#` SP exemplar] LF */
function sampleLine(scanner: Scanner, type: MetricType, sink: ExpositionSink): void {
  const { text } = scanner
  const start = scanner.at
  const nameEnd = scanner.nameEnd(start, true)
  const labels: FlatLabels = ['__name__', text.slice(start, nameEnd)]
  const unnamed = nameEnd === start
  if (unnamed && text.charCodeAt(start) !== 123) throw scanner.unexpected('expected a valid start token', 'INVALID')
  scanner.at = nameEnd
  if (text.charCodeAt(nameEnd) === 123) {
    scanner.at++
    scanner.labels(labels, false, unnamed)
  }
  const seriesEnd = scanner.at
  const valueText = spacedWord(scanner, 'expected value after metric')
  if (labels[1] === '') {
    throw new ExpositionError(`metric name not set while parsing: ${quoted(text.slice(start, scanner.at))}`)
  }
  const value = floatOf(scanner, valueText)
  let timestamp: number | undefined
  if (text.charCodeAt(scanner.at) === 32 && !text.startsWith(' # {', scanner.at)) {
    timestamp = seconds(scanner, spacedWord(scanner, 'expected timestamp or new record'), 'timestamp')
  }
  const exemplar = text.startsWith(' # {', scanner.at) ? readExemplar(scanner) : undefined
  endOfLine(
    scanner,
    timestamp === undefined ? 'expected next entry after value' : 'expected next entry after timestamp',
  )
  canonicalBounds(labels, type)
  sink.sample(text.slice(start, seriesEnd), labels, value, timestamp, exemplar)
}

/** ` # {labels} value [timestamp]` */
function readExemplar(scanner: Scanner): ParsedExemplar {
  scanner.at += 4
  const labels: FlatLabels = []
  scanner.labels(labels, false, false, true)
  const value = floatOf(scanner, spacedWord(scanner, 'expected value after exemplar labels'))
  let timestampMs: number | undefined
  if (scanner.text.charCodeAt(scanner.at) === 32) {
    const word = spacedWord(scanner, 'expected timestamp after exemplar value')
    timestampMs = seconds(scanner, word, 'exemplar timestamp')
  }
  return { labels, value, timestampMs }
}

/** One space, then at least one character up to the next space or line end. */
function spacedWord(scanner: Scanner, expected: string): string {
  const { text } = scanner
  if (scanner.at >= text.length) throw scanner.error(expected, text.slice(scanner.token), 'EOF')
  scanner.token = scanner.at
  if (text.charCodeAt(scanner.at) !== 32) throw scanner.unexpected(expected, 'INVALID')
  let i = scanner.at + 1
  for (; i < text.length; i++) {
    const c = text.charCodeAt(i)
    if (c === 32 || c === 10) break
  }
  if (i === scanner.at + 1) {
    scanner.at = i
    throw scanner.unexpected(expected, 'INVALID')
  }
  const word = text.slice(scanner.at + 1, i)
  scanner.at = i
  return word
}

function seconds(scanner: Scanner, text: string, what: string): number {
  const value = floatOf(scanner, text)
  if (!Number.isFinite(value)) {
    const shown = Number.isNaN(value) ? 'NaN' : value > 0 ? '+Inf' : '-Inf'
    throw new ExpositionError(`invalid ${what} ${shown}`)
  }
  return value * 1000
}

function endOfLine(scanner: Scanner, expected: string): void {
  const { text } = scanner
  if (scanner.at >= text.length) return
  if (text.charCodeAt(scanner.at) === 10) {
    scanner.at++
    return
  }
  const end = Math.min(
    ...[text.indexOf(' ', scanner.at + 1), text.indexOf('\n', scanner.at + 1), text.length].filter((i) => i >= 0),
  )
  throw scanner.error(expected, text.slice(scanner.at, end + 1), 'TIMESTAMP', end + 1)
}
