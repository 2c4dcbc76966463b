import { table } from '../../../util/table.ts'
import { ExpositionError, type ExpositionSink, type FlatLabels, type MetricType, quoted } from './entries.ts'
import { hasForbiddenCharacter, parseFloatText } from './number.ts'
import { Scanner, unescaped } from './scanner.ts'
import { canonicalBounds } from './series-key.ts'

const TYPES: Record<string, MetricType> = table({
  counter: 'counter',
  gauge: 'gauge',
  histogram: 'histogram',
  summary: 'summary',
  untyped: 'unknown',
})

/**
 * The Prometheus text format 0.0.4 (prometheus.io/docs/instrumenting/exposition_formats), with its quoted UTF-8
 * names. Throws ExpositionError at the first line that is not of it; what came before was given to `sink`.
 */
export function parsePrometheusText(page: string, damaged: boolean, sink: ExpositionSink): void {
  const scanner = new Scanner(page.endsWith('\n') ? page : `${page}\n`, damaged)
  const { text } = scanner
  let type: MetricType = 'unknown'
  while (scanner.at < text.length) {
    const start = scanner.at
    const c = text.charCodeAt(start)
    if (c === 10 || c === 32 || c === 9) {
      scanner.at++
      continue
    }
    scanner.entry = start
    scanner.token = start
    if (c === 35) type = metadata(scanner, sink) ?? type
    else sampleLine(scanner, type, sink)
  }
}

/** `# HELP name text`, `# TYPE name type`, or a comment. Returns the type that a TYPE line sets. */
function metadata(scanner: Scanner, sink: ExpositionSink): MetricType | undefined {
  const { text } = scanner
  const end = text.indexOf('\n', scanner.at)
  const line = text.slice(scanner.at, end)
  const match = /^#[ \t]+(HELP|TYPE)[ \t]+/.exec(line)
  if (match === null) {
    scanner.at = end + 1
    return undefined
  }
  scanner.at += match[0].length
  scanner.token = scanner.at
  const from = scanner.at
  const isQuoted = text.charCodeAt(from) === 34
  const nameEnd = isQuoted ? scanner.quotedEnd(from, true) : scanner.nameEnd(from, true)
  if (nameEnd === -1 || nameEnd === from) throw scanner.unexpected(`expected metric name after ${match[1]}`, 'INVALID')
  const name = isQuoted ? unescaped(text.slice(from + 1, nameEnd - 1)) : text.slice(from, nameEnd)
  const rest = text.slice(nameEnd, end).replace(/^[ \t]+/, '')
  scanner.at = end + 1
  if (match[1] === 'HELP') {
    sink.help(
      name,
      rest.replaceAll(/\\([\\n])/g, (_, c: string) => (c === 'n' ? '\n' : '\\')),
    )
    return undefined
  }
  const type = TYPES[rest]
  if (type === undefined) throw new ExpositionError(`invalid metric type ${quoted(rest)}`)
  sink.type(name, type)
  return type
}

/** name `{` labels `}` value [timestamp in ms] */
function sampleLine(scanner: Scanner, type: MetricType, sink: ExpositionSink): void {
  const { text } = scanner
  const start = scanner.at
  const nameEnd = scanner.nameEnd(start, true)
  const labels: FlatLabels = ['__name__', text.slice(start, nameEnd)]
  scanner.at = nameEnd
  const unnamed = nameEnd === start
  if (unnamed && text.charCodeAt(start) !== 123) throw scanner.unexpected('expected a valid start token', 'INVALID')
  skipBlanks(scanner)
  let seriesEnd = nameEnd
  if (text.charCodeAt(scanner.at) === 123) {
    scanner.at++
    scanner.labels(labels, true, unnamed)
    seriesEnd = scanner.at
    skipBlanks(scanner)
  }
  scanner.token = scanner.at
  const valueText = scanner.at > nameEnd ? word(scanner, true) : ''
  if (labels[1] === '') {
    throw new ExpositionError(`metric name not set while parsing: ${quoted(text.slice(start, scanner.at))}`)
  }
  if (valueText === '') throw scanner.unexpected('expected value after metric', 'INVALID')
  const value = floatOf(scanner, valueText)
  skipBlanks(scanner)
  let timestamp: number | undefined
  if (text.charCodeAt(scanner.at) !== 10) {
    scanner.token = scanner.at
    const timeText = word(scanner, false)
    if (!/^-?\d+$/.test(timeText)) throw scanner.unexpected('expected timestamp or new record', 'INVALID')
    timestamp = Number(timeText)
    skipBlanks(scanner)
    if (text.charCodeAt(scanner.at) !== 10) {
      scanner.token = scanner.at
      throw scanner.unexpected('expected next entry after timestamp', 'INVALID')
    }
  }
  scanner.at++
  canonicalBounds(labels, type)
  sink.sample(text.slice(start, seriesEnd), labels, value, timestamp, undefined)
}

function skipBlanks(scanner: Scanner): void {
  const { text } = scanner
  while (text.charCodeAt(scanner.at) === 32 || text.charCodeAt(scanner.at) === 9) scanner.at++
}

/** Up to the next blank or line end; a value also ends at `{`. */
function word(scanner: Scanner, isValue: boolean): string {
  const { text } = scanner
  const from = scanner.at
  let i = from
  for (; i < text.length; i++) {
    const c = text.charCodeAt(i)
    if (c === 32 || c === 9 || c === 10 || (isValue && c === 123)) break
  }
  scanner.at = i
  return text.slice(from, i)
}

export function floatOf(scanner: Scanner, text: string): number {
  const value = parseFloatText(text)
  if (value !== undefined) return value
  const seen = quoted(scanner.text.slice(scanner.entry, scanner.at))
  if (hasForbiddenCharacter(text)) throw new ExpositionError(`unsupported character in float while parsing: ${seen}`)
  throw new ExpositionError(`strconv.ParseFloat: parsing ${quoted(text)}: invalid syntax while parsing: ${seen}`)
}
