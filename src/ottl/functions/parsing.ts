import { stringOf } from '../../otlp/attributes.ts'
import { type AnyValue, KeyValueList } from '../../otlp/types.ts'
import { goGroups, groupCounts } from '../../util/go-regexp.ts'
import { arg, define, type Literals, type OttlFunction, opt } from '../function.ts'
import { csvHeaders, csvRow } from './csv.ts'
import { patternOf } from './regex.ts'
import { severityOf, severityRules } from './severity.ts'
import { urlParts } from './url.ts'

export const mapOf = (entries: Iterable<readonly [string, AnyValue]>) =>
  new KeyValueList([...new Map(entries)].map(([key, value]) => ({ key, value })))

function delimitersOf(delimiter: unknown, between: unknown): void {
  const [equals, comma] = [delimiter ?? '=', between ?? ' ']
  if (equals === '') throw new Error('delimiter cannot be set to an empty string')
  if (comma === '') throw new Error('pair delimiter cannot be set to an empty string')
  if (equals === comma) {
    throw new Error(`pair delimiter ${JSON.stringify(comma)} cannot be equal to delimiter ${JSON.stringify(equals)}`)
  }
}

/** At each delimiter that is not in quotes. */
export function splitQuoted(text: string, delimiter: string): string[] {
  const parts: string[] = []
  let [current, quote, escaped] = ['', '', false]
  for (let at = 0; at < text.length; at++) {
    if (quote === '' && text.startsWith(delimiter, at)) {
      if (current !== '') parts.push(current)
      current = ''
      at += delimiter.length - 1
      continue
    }
    const char = text[at]!
    if (escaped) escaped = false
    else if (quote === '' && (char === '"' || char === "'")) {
      quote = char
      continue
    } else if (quote !== '' && char === quote) {
      quote = ''
      continue
    } else escaped = char === '\\'
    current += char
  }
  if (quote !== '') throw new Error('never reached the end of a quoted value')
  return current === '' ? parts : [...parts, current]
}

export function keyValues(text: string, delimiter: string, between: string): [string, string][] {
  let pairs: string[]
  try {
    pairs = splitQuoted(text, between)
  } catch (error) {
    throw new Error(`splitting source ${JSON.stringify(text)} into pairs failed: ${(error as Error).message}`)
  }
  const wrong: string[] = []
  const found = pairs.flatMap((pair): [string, string][] => {
    const at = pair.indexOf(delimiter)
    if (at < 0) wrong.push(`cannot split ${JSON.stringify(pair)} into 2 items, got 1 item(s)`)
    return at < 0 ? [] : [[pair.slice(0, at).trim(), pair.slice(at + delimiter.length).trim()]]
  })
  if (wrong.length > 0) throw new Error(`failed to split pairs into key-values: ${wrong.join('; ')}`)
  return found
}

function keyValueText(map: KeyValueList, delimiter: string, between: string, sort: boolean): string {
  const quoted = (text: string) => {
    const escaped = text.replaceAll('"', '\\"')
    return escaped.includes(between) || escaped.includes(delimiter) ? `"${escaped}"` : escaped
  }
  const pairs = sort ? [...map.values].sort((a, b) => (a.key < b.key ? -1 : 1)) : map.values
  return pairs.map(({ key, value }) => `${quoted(key)}${delimiter}${quoted(stringOf(value))}`).join(between)
}

/** Text by named groups; what matches nowhere gives an empty map. */
function extractor(pattern: string): (text: string) => KeyValueList {
  if (groupCounts(pattern).named === 0) {
    throw new Error('at least 1 named capture group must be supplied in the given regex')
  }
  const groups = goGroups(pattern)
  return (text) => mapOf(Object.entries(groups(text) ?? {}))
}

const preparedDelimiters = ([, delimiter, between]: Literals) => delimitersOf(delimiter, between)

export const PARSING: readonly OttlFunction[] = [
  define(
    'ExtractPatterns',
    [arg('Target', 'StringGetter'), arg('Pattern', 'StringGetter')],
    ([text, pattern]) => extractor(pattern)(text),
    (literals) => {
      patternOf('ExtractPatterns', literals, 1)
      const [, pattern] = literals
      // Without a named group it fails when it is run, in the real one too.
      if (typeof pattern !== 'string' || groupCounts(pattern).named === 0) return undefined
      const extract = extractor(pattern)
      return ([text]) => extract(text)
    },
  ),
  define(
    'ParseKeyValue',
    [arg('Target', 'StringGetter'), opt('Delimiter', 'string'), opt('PairDelimiter', 'string')],
    ([text, delimiter, between]) => {
      if (text === '') throw new Error('cannot parse from empty target')
      return mapOf(keyValues(text, delimiter ?? '=', between ?? ' '))
    },
    preparedDelimiters,
  ),
  define(
    'ToKeyValueString',
    [
      arg('Target', 'PMapGetter'),
      opt('Delimiter', 'string'),
      opt('PairDelimiter', 'string'),
      opt('SortOutput', 'bool'),
    ],
    ([map, delimiter, between, sort]) => keyValueText(map, delimiter ?? '=', between ?? ' ', sort ?? false),
    preparedDelimiters,
  ),
  define(
    'ParseCSV',
    [
      arg('Target', 'StringGetter'),
      arg('Header', 'StringGetter'),
      opt('Delimiter', 'string'),
      opt('HeaderDelimiter', 'string'),
      opt('Mode', 'string'),
    ],
    ([text, header, delimiter = ',', headerDelimiter, mode = 'strict']) =>
      mapOf(csvHeaders(header, headerDelimiter ?? delimiter, csvRow(text, delimiter, mode))),
    ([, , delimiter, headerDelimiter, mode]) => {
      for (const [name, value] of Object.entries({ delimiter, header_delimiter: headerDelimiter })) {
        if (typeof value === 'string' && [...value].length !== 1) {
          throw new Error(`invalid arguments: ${name} must be a single character`)
        }
      }
      if (typeof mode !== 'string' || ['strict', 'lazyQuotes', 'ignoreQuotes'].includes(mode)) return
      throw new Error(`unknown mode: ${mode}`)
    },
  ),
  define('ParseSeverity', [arg('Target', 'Getter'), arg('Mapping', 'PMapGetter')], ([value, mapping]) =>
    severityOf(value, severityRules(mapping)),
  ),
  define('URL', [arg('URI', 'StringGetter')], ([uri]) => mapOf(urlParts(uri))),
]
