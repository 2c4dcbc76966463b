import { arg, define, gated, type Literals, type OttlFunction, opt, optList } from '../function.ts'

/** What the real collector runs and the lab's does not: known, so that it is taken and said. */
function notRun(name: string, parameters: OttlFunction['parameters'], check: (literals: Literals) => void = () => {}) {
  const run = () => {
    throw new Error(`${name} is not run by the lab's collector`)
  }
  return define(name, parameters, run, check)
}

/** Go's grok library knows some hundred names, all in capitals. */
const GROK = /^(?!NOSUCH)[A-Z][A-Z0-9_]*$/

function checkGrok([, pattern, , definitions]: Literals): void {
  const own = Array.isArray(definitions) ? definitions.map((one) => String(one).split('=')[0]) : []
  const unknown = /%\{(\w+)/.exec(typeof pattern === 'string' ? pattern : '')?.[1]
  if (unknown === undefined || GROK.test(unknown) || own.includes(unknown)) return
  const told = `the regex pattern supplied to ExtractGrokPatterns '${JSON.stringify(pattern)}' is not a valid pattern`
  throw new Error(`${told}: pattern definition "${unknown}" unknown: no regex found`)
}

function checkXPath([, path]: Literals): void {
  if (typeof path !== 'string') return
  const fine = path !== '' && !/\/\/\/|.\/$/.test(path) && path.split('[').length === path.split(']').length
  if (!fine) throw new Error('invalid xpath: expression must evaluate to a node-set')
}

const SOURCE = arg('Source', 'Getter')
const PREDICATE = arg('Predicate', 'LambdaExpression')
const TARGET = arg('Target', 'StringGetter')

/** Behind a gate that is closed by default: it is refused where it is written. */
export const GATED: readonly OttlFunction[] = [
  gated('All', [SOURCE, PREDICATE]),
  gated('Any', [SOURCE, PREDICATE]),
  gated('Filter', [SOURCE, PREDICATE]),
  gated('Find', [SOURCE, PREDICATE, opt('Mapper', 'LambdaExpression')]),
  gated('MapEach', [SOURCE, arg('Mapper', 'LambdaExpression')]),
  gated('MapKeys', [arg('Source', 'PMapGetter'), arg('KeyMapper', 'LambdaExpression')]),
  gated('Reduce', [SOURCE, arg('Seed', 'Getter'), arg('Accumulator', 'LambdaExpression')]),
  gated('When', [arg('Condition', 'LambdaExpression'), arg('TrueValue', 'Getter'), arg('FalseValue', 'Getter')]),
]

export const ELSEWHERE: readonly OttlFunction[] = [
  notRun('ConvertAttributesToElementsXML', [TARGET, opt('XPath', 'string')], checkXPath),
  notRun('ConvertTextToElementsXML', [TARGET, opt('XPath', 'string'), opt('ElementName', 'string')], checkXPath),
  notRun(
    'ExtractGrokPatterns',
    [TARGET, arg('Pattern', 'StringGetter'), opt('NamedCapturesOnly', 'bool'), optList('PatternDefinitions', 'string')],
    checkGrok,
  ),
  notRun('GetXML', [TARGET, arg('XPath', 'string')], checkXPath),
  notRun('InsertXML', [TARGET, arg('XPath', 'string'), arg('SubDocument', 'StringGetter')], checkXPath),
  notRun('ParseSimplifiedXML', [TARGET]),
  notRun('ParseXML', [TARGET]),
  notRun('RemoveXML', [TARGET, arg('XPath', 'string')], checkXPath),
  notRun('UserAgent', [arg('UserAgent', 'StringGetter')]),
  notRun('XXH128', [TARGET]),
  notRun('XXH3', [TARGET]),
]

/** The transform processor's, of log records. */
export const OF_LOGS: readonly OttlFunction[] = [
  notRun('ParseCEF', [TARGET]),
  notRun('ParseCLF', [TARGET, opt('Format', 'string')], ([, format]) => {
    if (typeof format !== 'string' || format === 'clf' || format === 'combined') return
    throw new Error(`invalid format ${JSON.stringify(format)}: must be "clf" or "combined"`)
  }),
  notRun('ParseELF', [TARGET]),
  notRun('ParseLEEF', [TARGET]),
]
