import { duration, type Intrinsic, int, type Static, string } from '../ast.ts'
import type { Span, Trace } from '../source.ts'

/** Where intrinsics are. */
interface Levels {
  trace: Trace
  span: Span
  event: Span['events'][number]
  link: Span['links'][number]
  instrumentation: Span['instrumentation']
}
export type IntrinsicLevel = keyof Levels

interface Entry<L extends IntrinsicLevel> {
  level: L
  read(item: Levels[L]): Static | undefined
  /** What a span without any such item has in the column. */
  blank?: Static
}

type AnyEntry = { [L in IntrinsicLevel]: Entry<L> }[IntrinsicLevel]

/** Trace ids are shown without leading zeros. */
export const trimId = (id: string) => id.replace(/^0+/, '')

const bigInt = (n: number) => int(BigInt(n))

/** One entry for each of the language's: one that is parsed and cannot be read does not compile. */
export const INTRINSICS: Record<Intrinsic, AnyEntry> = {
  'trace:id': { level: 'trace', read: (t) => string(trimId(t.id)) },
  traceDuration: { level: 'trace', read: (t) => duration(t.endNanos - t.startNanos) },
  rootName: { level: 'trace', read: (t) => string(t.rootName) },
  rootServiceName: { level: 'trace', read: (t) => string(t.rootServiceName) },
  name: { level: 'span', read: (s) => string(s.name) },
  duration: { level: 'span', read: (s) => duration(s.durationNanos) },
  status: { level: 'span', read: (s) => ({ node: 'static', type: 'status', value: s.status }) },
  statusMessage: { level: 'span', read: (s) => string(s.statusMessage) },
  kind: { level: 'span', read: (s) => ({ node: 'static', type: 'kind', value: s.kind }) },
  // Refused before anything is read.
  parent: { level: 'span', read: () => undefined },
  'span:id': { level: 'span', read: (s) => string(s.id) },
  'span:parentID': { level: 'span', read: (s) => string(s.parentId.padStart(16, '0')) },
  'span:childCount': { level: 'span', read: (s) => bigInt(s.childCount) },
  nestedSetLeft: { level: 'span', read: (s) => bigInt(s.left) },
  nestedSetRight: { level: 'span', read: (s) => bigInt(s.right) },
  nestedSetParent: { level: 'span', read: (s) => bigInt(s.parentLeft) },
  spanStartTime: { level: 'span', read: (s) => int(s.startNanos) },
  'event:name': { level: 'event', read: (e) => string(e.name), blank: string('') },
  'event:timeSinceStart': { level: 'event', read: (e) => duration(e.sinceStartNanos), blank: duration(0n) },
  'link:traceID': { level: 'link', read: (l) => string(trimId(l.traceId)), blank: string('') },
  'link:spanID': { level: 'link', read: (l) => string(l.spanId), blank: string('0'.repeat(16)) },
  'instrumentation:name': { level: 'instrumentation', read: (i) => string(i.name) },
  'instrumentation:version': { level: 'instrumentation', read: (i) => string(i.version) },
}

/** Undefined of an intrinsic that is elsewhere. */
export function intrinsicOf<L extends IntrinsicLevel>(level: L, item: Levels[L], name: Intrinsic): Static | undefined {
  const entry = INTRINSICS[name]
  return entry.level === level ? (entry as Entry<L>).read(item) : undefined
}
