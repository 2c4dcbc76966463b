import type { Attribute, Static } from '../../traceql/ast.ts'
import { duration, string } from '../../traceql/ast.ts'
import type { SpanNeed, TraceNeed } from '../../traceql/source.ts'
import { KINDS, STATUSES } from '../view.ts'
import type { Columns } from './columns.ts'

/** Whether a trace of a block, by its index, may have what a query needs. */
export type TraceTest = (trace: number) => boolean
type SpanTest = (span: number, trace: number) => boolean
type Comparison = Extract<SpanNeed, { attribute: Attribute }>

const ALWAYS = () => true
const NEVER = () => false

/** Prepares a need for one block. `NEVER` comes out where the block's dictionaries say so already. */
export function traceTest(need: TraceNeed, c: Columns): TraceTest {
  if (need === 'maybe') return ALWAYS
  if ('all' in need) {
    return allOf(
      need.all.map((n) => traceTest(n, c)),
      (tests) => (t) => tests.every((test) => test(t)),
    )
  }
  if ('any' in need) {
    return anyOf(
      need.any.map((n) => traceTest(n, c)),
      (tests) => (t) => tests.some((test) => test(t)),
    )
  }
  const test = spanTest(need.spans, c)
  if (test === NEVER) return NEVER
  if (test === ALWAYS && need.atLeast <= 1) return ALWAYS
  const { firstSpan } = c
  return (t) => {
    let missing = need.atLeast
    const end = firstSpan[t + 1]!
    for (let i = firstSpan[t]!; i < end; i++) if (test(i, t) && --missing <= 0) return true
    return missing <= 0
  }
}

export const isNever = (test: TraceTest): boolean => test === NEVER

function allOf<F extends typeof ALWAYS | SpanTest | TraceTest>(tests: F[], join: (tests: F[]) => F): F {
  if (tests.includes(NEVER as F)) return NEVER as F
  const left = tests.filter((test) => test !== ALWAYS)
  return left.length === 0 ? (ALWAYS as F) : left.length === 1 ? left[0]! : join(left)
}

function anyOf<F extends typeof ALWAYS | SpanTest | TraceTest>(tests: F[], join: (tests: F[]) => F): F {
  if (tests.includes(ALWAYS as F)) return ALWAYS as F
  const left = tests.filter((test) => test !== NEVER)
  return left.length === 0 ? (NEVER as F) : left.length === 1 ? left[0]! : join(left)
}

function spanTest(need: SpanNeed, c: Columns): SpanTest {
  if (need === 'maybe') return ALWAYS
  if ('all' in need) {
    return allOf<SpanTest>(
      need.all.map((n) => spanTest(n, c)),
      (tests) => (i, t) => tests.every((test) => test(i, t)),
    )
  }
  if ('any' in need) {
    return anyOf<SpanTest>(
      need.any.map((n) => spanTest(n, c)),
      (tests) => (i, t) => tests.some((test) => test(i, t)),
    )
  }
  const { scope, intrinsic, name } = need.attribute
  if (intrinsic !== undefined) return intrinsicTest(need, c)
  if (scope === 'span') return attributeTest(need, c)
  if (scope === 'resource') return resourceTest(need, c)
  if (scope === 'instrumentation') return scopeTest(need, c)
  if (scope === 'event') return (i) => c.events.has(i)
  if (scope === 'link') return (i) => c.links.has(i)
  // `.foo` is whichever has it.
  const more: SpanTest = c.events.size + c.links.size > 0 ? (i) => c.events.has(i) || c.links.has(i) : NEVER
  const one = { ...need, attribute: { ...need.attribute, name } }
  return anyOf<SpanTest>(
    [attributeTest(one, c), resourceTest(one, c), scopeTest(one, c), more],
    (tests) => (i, t) => tests.some((test) => test(i, t)),
  )
}

function intrinsicTest({ attribute, op, operand, passes }: Comparison, c: Columns): SpanTest {
  const ofStrings = () => remembered(c.strings.size, (n) => passes(string(c.strings.values[n]!)))
  switch (attribute.intrinsic) {
    case 'name': {
      const test = ofStrings()
      return (i) => test(c.name[i]!)
    }
    case 'statusMessage': {
      const test = ofStrings()
      return (i) => test(c.statusMessage[i]!)
    }
    case 'rootName': {
      const test = ofStrings()
      return (_, t) => test(c.rootName[t]!)
    }
    case 'rootServiceName': {
      const test = ofStrings()
      return (_, t) => test(c.rootService[t]!)
    }
    case 'status': {
      const test = STATUSES.map((value) => passes({ node: 'static', type: 'status', value }))
      return (i) => test[(c.flags[i]! >> 3) & 3] ?? true
    }
    case 'kind': {
      const test = KINDS.map((value) => passes({ node: 'static', type: 'kind', value }))
      return (i) => test[c.flags[i]! & 7] ?? true
    }
    case 'duration':
      return durationTest(c.duration, op, operand)
    case 'traceDuration':
      return (_, t) => passes(duration(c.traceEnd[t]! - c.traceStart[t]!))
    default:
      return ALWAYS
  }
}

/** As doubles, as the language compares all but equality; reading a million bigints would cost a million objects. */
function durationTest(column: BigInt64Array, op: Comparison['op'], operand: Static): SpanTest {
  if (operand.type !== 'duration' && operand.type !== 'int' && operand.type !== 'float') return ALWAYS
  const high = new Int32Array(column.buffer, column.byteOffset, column.length * 2)
  const low = new Uint32Array(column.buffer, column.byteOffset, column.length * 2)
  const limit = Number(operand.value)
  const at = (i: number) => high[2 * i + 1]! * 4_294_967_296 + low[2 * i]!
  switch (op) {
    case '>':
      return (i) => at(i) > limit
    case '>=':
      return (i) => at(i) >= limit
    case '<':
      return (i) => at(i) < limit
    case '<=':
      return (i) => at(i) <= limit
    case '=':
      return (i) => at(i) === limit
    default:
      return ALWAYS
  }
}

function attributeTest({ attribute: { name }, passes }: Comparison, c: Columns): SpanTest {
  const key = c.keys.find(name)
  if (key === undefined) return NEVER
  const { firstAttribute, attributeKey, attributeValue, values } = c
  const test = remembered(values.size, (n) => isArray(values.values[n]!) || passes(values.values[n]!))
  return (i) => {
    const end = firstAttribute[i + 1]!
    for (let a = firstAttribute[i]!; a < end; a++) if (attributeKey[a] === key) return test(attributeValue[a]!)
    return false
  }
}

function resourceTest({ attribute: { name }, passes }: Comparison, c: Columns): SpanTest {
  const test = c.resources.map((r) => {
    if (name === 'service.name' && passes(string(r.serviceName))) return true
    return mayPass(r.attributes.get(name), passes)
  })
  return test.includes(true) ? (i) => test[c.resource[i]!]! : NEVER
}

function scopeTest({ attribute: { name }, passes }: Comparison, c: Columns): SpanTest {
  const test = c.scopes.map((s) => mayPass(s.attributes.get(name), passes))
  return test.includes(true) ? (i) => test[c.scope[i]!]! : NEVER
}

const mayPass = (value: Static | undefined, passes: Comparison['passes']) =>
  value !== undefined && (isArray(value) || passes(value))

/** The elements of an array are tested one by one, with rules of their own. */
const isArray = ({ type }: Static) => type.endsWith('[]')

/** Asks once for each number of a dictionary. */
function remembered(size: number, ask: (n: number) => boolean): (n: number) => boolean {
  const known = new Uint8Array(size)
  return (n) => {
    if (known[n] === 0) known[n] = ask(n) ? 1 : 2
    return known[n] === 1
  }
}
