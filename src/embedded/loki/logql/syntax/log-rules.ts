import type { LabelFilter, LineFilter, LineOperator, Stage } from '../ast.ts'
import { createMatcher } from '../matcher.ts'
import type { MatchOperator } from '../source.ts'
import { checkPatternParser, checkRegexpParser, literalValue } from './build.ts'
import { type ActingRule, listRules, pick, rule } from './rules.ts'

/** Selectors and the stages of a pipeline. Productions as in Loki's syntax.y, from "selector" to "keepLabelsExpr". */
export function logRules(): ActingRule[] {
  const stage = (name: string) => rule('pipelineStage', `| ${name}`, pick(2))
  return [
    rule('selector', '{ matchers }', pick(2)),
    rule('selector', '{ }', () => []),
    ...listRules('matchers', 'matcher'),
    ...(['=', '!=', '=~', '!~'] as const).map((operator: MatchOperator) =>
      rule('matcher', `IDENTIFIER ${operator} STRING`, ([name, , value]) => createMatcher(name, operator, value)),
    ),
    rule('pipelineExpr', 'pipelineStage', ([s]) => [s]),
    rule('pipelineExpr', 'pipelineExpr pipelineStage', ([all, s]) => [...all, s]),
    rule('pipelineStage', 'lineFilters', ([filters]): Stage => ({ stage: 'line_filters', filters })),
    stage('logfmtParser'),
    stage('labelParser'),
    stage('jsonExpressionParser'),
    stage('logfmtExpressionParser'),
    rule('pipelineStage', '| labelFilter', ([, filter]): Stage => ({ stage: 'label_filter', filter })),
    stage('lineFormatExpr'),
    stage('decolorizeExpr'),
    stage('labelFormatExpr'),
    stage('dropLabelsExpr'),
    stage('keepLabelsExpr'),
    ...lineFilterRules(),
    ...parserRules(),
    ...formatRules(),
    ...labelFilterRules(),
  ]
}

interface Alternative {
  text: string
  ip: boolean
}

/**
 * A negated filter with alternatives is that many filters, since !(a or b) is !a and !b. While the `or` chain is
 * read, filters stay `{operator, alternatives}`.
 */
function lineFilterRules(): ActingRule[] {
  const operators: LineOperator[] = ['|~', '|=', '|>', '!~', '!=', '!>']
  const make = (operator: LineOperator, alternatives: Alternative[]): LineFilter => ({ operator, alternatives })
  const spread = (filter: LineFilter): LineFilter[] =>
    filter.operator.startsWith('!') ? filter.alternatives.map((a) => make(filter.operator, [a])) : [filter]
  return [
    ...operators.map((operator) => rule('filter', operator)),
    rule('filterOp', 'ip'),
    rule('orFilter', 'STRING', ([text]) => [{ text, ip: false }]),
    rule('orFilter', 'STRING or orFilter', ([text, , rest]) => [{ text, ip: false }, ...rest]),
    rule('orFilter', 'filterOp ( STRING )', ([, , text]) => [{ text, ip: true }]),
    rule('lineFilter', 'filter STRING', ([operator, text]) => make(operator, [{ text, ip: false }])),
    rule('lineFilter', 'filter filterOp ( STRING )', ([operator, , , text]) => make(operator, [{ text, ip: true }])),
    rule('lineFilter', 'lineFilter or orFilter', ([f, , more]) => make(f.operator, [...f.alternatives, ...more])),
    rule('lineFilters', 'lineFilter', ([f]) => spread(f)),
    rule('lineFilters', 'lineFilters lineFilter', ([all, f]) => [...all, ...spread(f)]),
  ]
}

function parserRules(): ActingRule[] {
  const logfmt = (flags: string[], expressions: unknown) => ({
    stage: 'logfmt',
    strict: flags.includes('--strict'),
    keepEmpty: flags.includes('--keep-empty'),
    expressions,
  })
  return [
    rule('parserFlags', 'FUNCTION_FLAG', ([flag]) => [flag]),
    rule('parserFlags', 'parserFlags FUNCTION_FLAG', ([all, flag]) => [...all, flag]),
    rule('logfmtParser', 'logfmt', () => logfmt([], undefined)),
    rule('logfmtParser', 'logfmt parserFlags', ([, flags]) => logfmt(flags, undefined)),
    rule('labelParser', 'json', () => ({ stage: 'json', expressions: undefined })),
    rule('labelParser', 'regexp STRING', ([, pattern], at) => checkRegexpParser({ stage: 'regexp', pattern }, at)),
    rule('labelParser', 'unpack', () => ({ stage: 'unpack' })),
    rule('labelParser', 'pattern STRING', ([, pattern], at) => checkPatternParser({ stage: 'pattern', pattern }, at)),
    rule('jsonExpressionParser', 'json labelExtractionExpressionList', ([, expressions]) => ({
      stage: 'json',
      expressions,
    })),
    rule('logfmtExpressionParser', 'logfmt parserFlags labelExtractionExpressionList', ([, flags, e]) =>
      logfmt(flags, e),
    ),
    rule('logfmtExpressionParser', 'logfmt labelExtractionExpressionList', ([, e]) => logfmt([], e)),
    rule('labelExtractionExpression', 'IDENTIFIER = STRING', ([label, , expression]) => ({ label, expression })),
    rule('labelExtractionExpression', 'IDENTIFIER', ([label]) => ({ label, expression: label })),
    ...listRules('labelExtractionExpressionList', 'labelExtractionExpression'),
  ]
}

function formatRules(): ActingRule[] {
  return [
    rule('lineFormatExpr', 'line_format STRING', ([, template]) => ({ stage: 'line_format', template })),
    rule('decolorizeExpr', 'decolorize', () => ({ stage: 'decolorize' })),
    rule('labelFormat', 'IDENTIFIER = IDENTIFIER', ([label, , value]) => ({ label, value, rename: true })),
    rule('labelFormat', 'IDENTIFIER = STRING', ([label, , value]) => ({ label, value, rename: false })),
    ...listRules('labelsFormat', 'labelFormat'),
    rule('labelFormatExpr', 'label_format labelsFormat', ([, formats]) => ({ stage: 'label_format', formats })),
    rule('namedMatcher', 'IDENTIFIER', ([name]) => ({ name, matcher: undefined })),
    rule('namedMatcher', 'matcher', ([matcher]) => ({ name: matcher.name, matcher })),
    ...listRules('namedMatchers', 'namedMatcher'),
    rule('dropLabelsExpr', 'drop namedMatchers', ([, labels]) => ({ stage: 'drop', labels })),
    rule('keepLabelsExpr', 'keep namedMatchers', ([, labels]) => ({ stage: 'keep', labels })),
  ]
}

function labelFilterRules(): ActingRule[] {
  const both =
    (filter: 'and' | 'or', right: number) =>
    (v: LabelFilter[]): LabelFilter => ({ filter, left: v[0]!, right: v[right]! })
  // The order of the productions decides which message a wrong token gets.
  const comparisons = [
    ['>', '>'],
    ['>=', '>='],
    ['<', '<'],
    ['<=', '<='],
    ['!=', '!='],
    ['=', '=='],
    ['==', '=='],
  ] as const
  const compare = (lhs: string, operand: string, make: (value: never, at: number) => object) =>
    comparisons.map(([token, operator]) =>
      rule(lhs, `IDENTIFIER ${token} ${operand}`, ([label, , value], at) => ({
        label,
        operator,
        ...make(value as never, at),
      })),
    )
  return [
    rule('labelFilter', 'matcher', ([matcher]): LabelFilter => ({ filter: 'matcher', matcher })),
    rule('labelFilter', 'ipLabelFilter'),
    rule('labelFilter', 'unitFilter'),
    rule('labelFilter', 'numberFilter'),
    rule('labelFilter', '( labelFilter )', pick(2)),
    rule('labelFilter', 'labelFilter labelFilter', both('and', 1)),
    rule('labelFilter', 'labelFilter and labelFilter', both('and', 2)),
    rule('labelFilter', 'labelFilter , labelFilter', both('and', 2)),
    rule('labelFilter', 'labelFilter or labelFilter', both('or', 2)),
    ...(['=', '!='] as const).map((operator) =>
      rule('ipLabelFilter', `IDENTIFIER ${operator} ip ( STRING )`, ([label, , , , pattern]) => ({
        filter: 'ip',
        label,
        operator,
        pattern,
      })),
    ),
    rule('unitFilter', 'durationFilter'),
    rule('unitFilter', 'bytesFilter'),
    ...compare('durationFilter', 'DURATION', (nanos: bigint) => ({ filter: 'duration', nanos })),
    ...compare('bytesFilter', 'BYTES', (bytes: number) => ({ filter: 'bytes', bytes })),
    ...compare('numberFilter', 'literalExpr', (literal) => ({ filter: 'number', value: literalValue(literal) })),
  ]
}
