import {
  attribute,
  bool,
  duration,
  FALSE,
  float,
  type Intrinsic,
  int,
  intrinsic,
  KIND,
  STATUS,
  string,
  TRUE,
} from '../ast.ts'
import { binary, unary } from '../fold.ts'
import { type ActingRule, pick, rule } from './rules.ts'

/** What stands between braces, and attributes. Productions as in Tempo's expr.y, "FieldExpressions" and below. */
export function fieldRules(): ActingRule[] {
  const operators = ['+', '-', '*', '/', '%', '=', '!=', '<', '<=', '>', '>=', '=~', '!~', '^', '&&', '||'] as const
  return [
    rule('fieldExpression', '( fieldExpression )', pick(2)),
    ...operators.map((op) =>
      rule('fieldExpression', `fieldExpression ${op} fieldExpression`, ([a, , b]) => binary(op, a, b)),
    ),
    rule('fieldExpression', 'fieldExpression != nil', ([a]) => unary('exists', a)),
    rule('fieldExpression', 'nil != fieldExpression', ([, , a]) => unary('exists', a)),
    rule('fieldExpression', 'fieldExpression = nil', ([a]) => unary('absent', a)),
    rule('fieldExpression', 'nil = fieldExpression', ([, , a]) => unary('absent', a)),
    rule('fieldExpression', 'nil != nil', () => bool(false)),
    rule('fieldExpression', 'nil = nil', () => bool(false)),
    rule('fieldExpression', '- fieldExpression', ([, a]) => unary('-', a)),
    rule('fieldExpression', '! fieldExpression', ([, a]) => unary('!', a)),
    ...['static', 'intrinsicField', 'attributeField', 'scopedIntrinsicField'].map((one) =>
      rule('fieldExpression', one, pick(1)),
    ),
    ...staticRules(),
    ...intrinsicRules(),
    ...attributeRules(),
  ]
}

function staticRules(): ActingRule[] {
  return [
    rule('static', 'STRING', ([s]) => string(s)),
    rule('static', 'INTEGER', ([n]) => int(n)),
    rule('static', 'FLOAT', ([n]) => float(n)),
    rule('static', 'true', () => TRUE),
    rule('static', 'false', () => FALSE),
    rule('static', 'DURATION', ([d]) => duration(d)),
    ...STATUS.map((value) => rule('static', value, () => ({ node: 'static', type: 'status', value }))),
    ...KIND.map((value) => rule('static', value, () => ({ node: 'static', type: 'kind', value }))),
    rule('static', 'IDENTIFIER', ([name], fail) => {
      if (name === 'minInt') return int(-(2n ** 63n))
      if (name === 'maxInt') return int(2n ** 63n - 1n)
      fail(`unknown identifier: ${name}`)
      return { node: 'static', type: 'nil' }
    }),
  ]
}

function intrinsicRules(): ActingRule[] {
  const bare: Intrinsic[] = [
    ...(['duration', 'name', 'status', 'statusMessage', 'kind', 'parent', 'rootName', 'rootServiceName'] as const),
    ...(['traceDuration', 'nestedSetLeft', 'nestedSetRight', 'nestedSetParent'] as const),
  ]
  const scoped: [string, Intrinsic][] = [
    ['trace: duration', 'traceDuration'],
    ['trace: rootName', 'rootName'],
    ['trace: rootService', 'rootServiceName'],
    ['trace: id', 'trace:id'],
    ['span: duration', 'duration'],
    ['span: name', 'name'],
    ['span: kind', 'kind'],
    ['span: status', 'status'],
    ['span: statusMessage', 'statusMessage'],
    ['span: id', 'span:id'],
    ['span: parentID', 'span:parentID'],
    ['span: childCount', 'span:childCount'],
    ['event: name', 'event:name'],
    ['event: timeSinceStart', 'event:timeSinceStart'],
    ['link: traceID', 'link:traceID'],
    ['link: spanID', 'link:spanID'],
    ['instrumentation: name', 'instrumentation:name'],
    ['instrumentation: version', 'instrumentation:version'],
  ]
  return [
    ...bare.map((name) => rule('intrinsicField', name, () => intrinsic(name))),
    ...scoped.map(([text, name]) => rule('scopedIntrinsicField', text, () => intrinsic(name))),
  ]
}

function attributeRules(): ActingRule[] {
  const named = (prefix: string, scope: Parameters<typeof attribute>[0], parent = false) =>
    rule('attributeField', `${prefix} IDENTIFIER END_ATTRIBUTE`, (v) => attribute(scope, v.at(-2), parent))
  return [
    named('.', 'none'),
    named('resource.', 'resource'),
    named('span.', 'span'),
    named('parent.', 'none', true),
    named('parent. resource.', 'resource', true),
    named('parent. span.', 'span', true),
    named('event.', 'event'),
    named('link.', 'link'),
    named('instrumentation.', 'instrumentation'),
    rule('attribute', 'intrinsicField', pick(1)),
    rule('attribute', 'attributeField', pick(1)),
    rule('attribute', 'scopedIntrinsicField', pick(1)),
    rule('attributeList', 'attribute', ([a]) => [a]),
    rule('attributeList', 'attributeList , attribute', ([list, , a]) => [...list, a]),
  ]
}
