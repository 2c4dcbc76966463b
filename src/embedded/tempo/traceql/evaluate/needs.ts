import type { Attribute, FieldExpression, FieldOp, Pipeline, PipelineElement, ScalarFilter, Static } from '../ast.ts'
import type { SpanNeed, TraceNeed } from '../source.ts'
import { isBooleanOp } from '../types.ts'
import { type FetchRequest, FLIPPED } from './conditions.ts'
import type { Regexps } from './operate.ts'
import { predicateOf } from './predicates.ts'

/**
 * What a trace must have for a pipeline to find anything in it. It says yes too often rather than too seldom: what
 * it lets through is evaluated in full.
 */
export function needOf(pipeline: Pipeline, request: FetchRequest, regexps: Regexps): TraceNeed {
  // An intrinsic that does not match is looked for among attributes of its name, and `.name` finds the intrinsic;
  // where a query has both, only an evaluation can tell.
  const names = (intrinsics: boolean) =>
    request.conditions.flatMap(({ attribute: a }) => ((a.intrinsic !== undefined) === intrinsics ? [a.name] : []))
  const attributes = new Set(names(false))
  const taken = new Set(names(true).filter((name) => attributes.has(name)))
  return pipelineNeed(pipeline, (e) => spanNeed(e, taken, regexps))
}

type NeedOf = (e: FieldExpression) => SpanNeed

function pipelineNeed({ elements }: Pipeline, spans: NeedOf): TraceNeed {
  const needs: TraceNeed[] = []
  for (const element of elements) {
    const last = needs.at(-1)
    // by() makes sets smaller, so that many are needed of what it was given, too.
    if (element.node === 'scalarFilter' && last !== undefined && last !== 'maybe' && 'spans' in last) {
      needs[needs.length - 1] = { spans: last.spans, atLeast: Math.max(last.atLeast, leastCount(element)) }
    } else needs.push(elementNeed(element, spans))
  }
  return { all: needs }
}

function elementNeed(e: PipelineElement, spans: NeedOf): TraceNeed {
  if (e.node === 'filter') return { spans: spans(e.expression), atLeast: 1 }
  if (e.node === 'pipeline') return pipelineNeed(e, spans)
  if (e.node !== 'spansetOperation') return 'maybe'
  const lhs = elementNeed(e.lhs, spans)
  const rhs = elementNeed(e.rhs, spans)
  if (e.op === '||') return { any: [lhs, rhs] }
  // What is not below anything may be so because there is nothing.
  return e.op.startsWith('!') ? rhs : { all: [lhs, rhs] }
}

/** `count() > 2` wants three. */
function leastCount({ lhs, op, rhs }: ScalarFilter): number {
  if (lhs.node !== 'aggregate' || lhs.op !== 'count' || rhs.node !== 'static' || rhs.type !== 'int') return 1
  if (op === '>') return Number(rhs.value) + 1
  return op === '>=' || op === '=' ? Number(rhs.value) : 1
}

function spanNeed(e: FieldExpression, taken: ReadonlySet<string>, regexps: Regexps): SpanNeed {
  if (e.node !== 'binary') return 'maybe'
  const { op, lhs, rhs } = e
  if (op === '&&') return { all: [spanNeed(lhs, taken, regexps), spanNeed(rhs, taken, regexps)] }
  if (op === '||') return { any: [spanNeed(lhs, taken, regexps), spanNeed(rhs, taken, regexps)] }
  if (!isBooleanOp(op)) return 'maybe'
  if (lhs.node === 'attribute' && rhs.node === 'static') return comparison(lhs, op, rhs, taken, regexps)
  if (lhs.node === 'static' && rhs.node === 'attribute') {
    return comparison(rhs, FLIPPED[op] ?? op, lhs, taken, regexps)
  }
  return 'maybe'
}

function comparison(
  attribute: Attribute,
  op: FieldOp,
  operand: Static,
  taken: ReadonlySet<string>,
  regexps: Regexps,
): SpanNeed {
  if (attribute.parent || taken.has(attribute.name)) return 'maybe'
  const passes = predicateOf({ attribute, op, operand }, regexps)
  return passes === undefined ? 'maybe' : { attribute, op, operand, passes }
}
