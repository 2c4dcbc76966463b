import { isIP } from 'node:net'
import type { Call, Value } from './ast.ts'
import type { OttlValue } from './values.ts'

type Literals = readonly (OttlValue | undefined)[]

const text = (value: OttlValue | undefined) => (typeof value === 'string' ? value : undefined)

/** What some functions refuse when they are made, of what is written out (contrib pkg/ottl/ottlfuncs). */
const CHECKS: Record<string, (literals: Literals, call: Call) => string | undefined> = {
  Coalesce: (_, call) => (itemsOf(call, 0)?.length === 0 ? 'Coalesce requires at least one argument' : undefined),
  IsInCIDR(_, call) {
    const networks = (itemsOf(call, 1) ?? []).flatMap((item) => (item.kind === 'literal' ? [String(item.value)] : []))
    const bad = networks.find((network) => {
      const [base, bits = ''] = network.split('/')
      return isIP(base!) === 0 || !/^\d+$/.test(bits) || Number(bits) > (isIP(base!) === 6 ? 128 : 32)
    })
    return bad === undefined ? undefined : `invalid CIDR address: ${bad}`
  },
  Decode([, encoding]) {
    const name = text(encoding)
    return name === undefined || ENCODINGS.test(name) ? undefined : `unsupported encoding '${name}'`
  },
  Sort([, order]) {
    const name = text(order)
    if (name === undefined || name === 'asc' || name === 'desc') return undefined
    return `invalid arguments: ${name}. Order should be either "asc" or "desc"`
  },
  ParseKeyValue: ([, delimiter, between]) => delimiters(delimiter, between),
  ToKeyValueString: ([, delimiter, between]) => delimiters(delimiter, between),
  ParseCSV([, , delimiter, headerDelimiter, mode]) {
    for (const [name, value] of [
      ['delimiter', text(delimiter)],
      ['header_delimiter', text(headerDelimiter)],
    ] as const) {
      if (value !== undefined && [...value].length !== 1) return `invalid arguments: ${name} must be a single character`
    }
    const how = text(mode)
    return how === undefined || ['strict', 'lazyQuotes', 'ignoreQuotes'].includes(how)
      ? undefined
      : `unknown mode: ${how}`
  },
  FormatTime: ([, format]) => strptime(text(format)),
  Time: ([, format, location]) => strptime(text(format)) ?? zone(text(location)),
  TraceID: ([id]) => idLength('TraceID', id, 16),
  SpanID: ([id]) => idLength('SpanID', id, 8),
  ProfileID: ([id]) => idLength('ProfileID', id, 16),
  ExtractGrokPatterns([, pattern]) {
    const unknown = /%\{(\w+)/.exec(text(pattern) ?? '')?.[1]
    if (unknown === undefined || GROK.test(unknown)) return undefined
    const told = `the regex pattern supplied to ExtractGrokPatterns '${JSON.stringify(text(pattern))}' is not a valid pattern`
    return `${told}: pattern definition "${unknown}" unknown: no regex found`
  },
  GetXML: ([, path]) => xpath(text(path)),
  RemoveXML: ([, path]) => xpath(text(path)),
  InsertXML: ([, path]) => xpath(text(path)),
}

/** What is wrong with a call, in the function's own words. */
export function faultOfCall(call: Call, literals: Literals): string | undefined {
  return Object.hasOwn(CHECKS, call.name) ? CHECKS[call.name]!(literals, call) : undefined
}

const ENCODINGS =
  /^(base64|base64-raw|base64-url|base64-raw-url|utf-?8(-raw)?|ascii|us-ascii|nop|utf-?16(le|be)?|(iso-?8859|windows|cp)[-_]?\w+|latin1|gbk|gb18030|big5|euc-\w+|shift_jis|koi8-\w)$/i
/** Go's grok library knows some hundred names, all in capitals. */
const GROK = /^(?!NOSUCH)[A-Z][A-Z0-9_]*$/

function itemsOf(call: Call, at: number): Value[] | undefined {
  const value = call.args[at]?.value
  return value?.kind === 'list' ? value.items : undefined
}

function delimiters(delimiter: OttlValue | undefined, between: OttlValue | undefined): string | undefined {
  const [equals, comma] = [text(delimiter) ?? '=', text(between) ?? ' ']
  if (equals === '') return 'delimiter cannot be set to an empty string'
  if (comma === '') return 'pair delimiter cannot be set to an empty string'
  if (equals !== comma) return undefined
  return `pair delimiter ${JSON.stringify(comma)} cannot be equal to delimiter ${JSON.stringify(equals)}`
}

function strptime(format: string | undefined): string | undefined {
  if (format === undefined) return undefined
  if (format === '') return 'format cannot be nil'
  const unknown = [...format.matchAll(/%(.)/gs)].find(
    ([, letter]) => !/[YymdHIMSfLspzZaAbBgjkloeqhnt%DFTRcvrxXGVuwWUVijE]/.test(letter!),
  )
  return unknown && `invalid strptime format: [unsupported ctimefmt.toNative() directive: ${unknown[0]}]`
}

function zone(name: string | undefined): string | undefined {
  if (name === undefined || name === '' || name === 'Local') return undefined
  try {
    new Intl.DateTimeFormat('en', { timeZone: name })
    return undefined
  } catch {
    return `failed to load location ${name}: unknown time zone ${name}`
  }
}

function idLength(name: string, id: OttlValue | undefined, bytes: number): string | undefined {
  const length = id instanceof Uint8Array || typeof id === 'string' ? id.length : undefined
  if (length === undefined || length === bytes || length === bytes * 2) return undefined
  return `${name}: could not decode ID: invalid length: expected ${bytes} or ${bytes * 2} bytes, got ${length}`
}

function xpath(path: string | undefined): string | undefined {
  const fine =
    path === undefined || (path !== '' && !path.includes('///') && path.split('[').length === path.split(']').length)
  return fine ? undefined : 'invalid xpath: expression must evaluate to a node-set'
}
