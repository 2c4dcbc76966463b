import { expect, test } from 'vitest'
import { spanTree, type TraceSpan } from '../../src/backends/trace.ts'
import { compareShape, type SpanShapeSpec } from '../../src/exercises/shape.ts'

let ids = 0
function span(name: string, more: Partial<TraceSpan> = {}): TraceSpan {
  ids++
  return {
    traceId: 't',
    spanId: `s${ids}`,
    name,
    kind: 'internal',
    startNs: BigInt(ids),
    endNs: BigInt(ids + 1),
    status: { code: 'unset', message: '' },
    attributes: {},
    events: [],
    links: [],
    resource: { 'service.name': 'archive' },
    scope: { name: 'lab', version: '' },
    ...more,
  }
}
const compare = (tree: SpanShapeSpec, spans: TraceSpan[], known = spans) =>
  compareShape(tree, spanTree(spans), { extra: 'allowed', known })
const said = (tree: SpanShapeSpec, spans: TraceSpan[], known = spans) =>
  compare(tree, spans, known).faults.map((fault) => `${fault.case}: ${fault.said}`)

test('events, scope, resource, status message and what must not be there', () => {
  const failed = span('scan', {
    status: { code: 'error', message: 'ends after 512' },
    attributes: { subject: 'sub-1', slices: '3' },
    events: [{ name: 'exception', timeNs: 1n, attributes: { 'exception.type': 'RangeError' } }],
  })
  expect(
    said(
      {
        span: 'scan',
        message: '/after 512/',
        events: [{ name: 'exception', attributes: { 'exception.type': '*' } }],
        scope: 'lab',
        resource: { 'service.name': '/^arch/' },
        without: ['uri'],
      },
      [failed],
    ),
  ).toEqual([])
  expect(said({ span: 'scan', message: 'other' }, [failed])).toEqual([
    'wrong-status: scan says ends after 512 of its status, not other',
  ])
  expect(said({ span: 'scan', events: [{ name: 'checked' }] }, [failed])).toEqual([
    'events: scan has no event checked, but exception',
  ])
  expect(
    said({ span: 'scan', events: [{ name: 'exception', attributes: { 'exception.message': '*' } }] }, [failed]),
  ).toEqual(['events: scan: the event exception has no exception.message, but exception.type'])
  expect(said({ span: 'scan', scope: 'other' }, [failed])).toEqual(['scope: scan comes from the scope lab, not other'])
  expect(said({ span: 'scan', resource: { 'service.name': 'scanner' } }, [failed])).toEqual([
    'resource: the resource of scan has service.name=archive, not scanner',
  ])
  expect(said({ span: 'scan', without: ['subject'] }, [failed])).toEqual(['attributes: scan has subject=sub-1'])
  expect(said({ span: 'scan', attributes: { slices: 3 } }, [failed])).toEqual([
    'attributes: scan has slices="3", which is text and no number',
  ])
})

test('links count once each, and lead to spans of the run only', () => {
  const [one, two] = [span('send'), span('send')]
  const link = ({ traceId, spanId }: TraceSpan) => ({ traceId, spanId, attributes: {} })
  const batch = (ends: TraceSpan[]) => span('batch', { links: ends.map(link) })
  const both: SpanShapeSpec = { span: 'batch', links: ['send', 'send'] }
  const known = [one, two]
  expect(said(both, [batch([one, two])], known)).toEqual([])
  expect(said(both, [batch([one])], known)).toEqual(['links: batch has no second link to send'])
  expect(said(both, [batch([])], known)).toEqual(['links: batch has no link to send'])
  expect(said(both, [batch([span('elsewhere')])], known)).toEqual([
    'links: batch has no link to send, but to a span that is not there',
  ])
})

test('of several traces the one with the least wrong is the nearest', () => {
  const wanted: SpanShapeSpec = {
    span: 'scan',
    status: 'error',
    attributes: { subject: 'sub-1' },
    events: [{ name: 'x' }],
  }
  const distance = (more: Partial<TraceSpan>, name = 'scan') => compare(wanted, [span(name, more)]).distance
  const own = distance({ status: { code: 'error', message: '' }, attributes: { subject: 'sub-1' } })
  const other = distance({ attributes: { subject: 'sub-2' } })
  expect(own).toBeLessThan(other)
  expect(other).toBeLessThan(distance({}, 'report'))
})
