import { expect, test } from 'vitest'
import { Block } from '../../../src/embedded/tempo/store/block/block.ts'
import { BlockBuilder } from '../../../src/embedded/tempo/store/block/builder.ts'
import { traceView } from '../../../src/embedded/tempo/store/view.ts'
import { search } from '../../../src/embedded/tempo/traceql/evaluate/search.ts'
import { createParser } from '../../../src/embedded/tempo/traceql/parse.ts'
import type { TraceSource } from '../../../src/embedded/tempo/traceql/source.ts'
import { validate } from '../../../src/embedded/tempo/traceql/validate.ts'
import type { AnyValue, KeyValue, Span, TracesData } from '../../../src/otlp/types.ts'
import { Random } from '../../support/random.ts'

const SEED = 20_251_125
const KEYS = ['a', 'b', 'name', 'service.name', 'status']

function value(random: Random): AnyValue {
  return random.pick<() => AnyValue>([
    () => random.pick(['x', 'y', 'xy', '', 'error']),
    () => BigInt(random.below(4)),
    () => random.below(4) / 2,
    () => random.chance(0.5),
    () => [random.pick(['x', 'y']), random.pick(['x', 'z'])],
    () => [BigInt(random.below(3)), 2n],
    () => [],
  ])()
}

const attributes = (random: Random): KeyValue[] =>
  KEYS.filter(() => random.chance(0.3)).map((key) => ({ key, value: value(random) }))

function trace(random: Random, id: string): TracesData {
  const count = 1 + random.below(5)
  const span = (n: number): Span => ({
    traceId: id,
    spanId: String(n + 1).padStart(16, '0'),
    parentSpanId: n === 0 ? '' : String(1 + random.below(n)).padStart(16, '0'),
    traceState: '',
    flags: 0,
    name: random.pick(['x', 'y', 'load']),
    kind: random.below(6),
    startTimeUnixNano: 1_000_000_000n,
    endTimeUnixNano: 1_000_000_000n + BigInt(random.below(5)) * 1_000_000_000n,
    attributes: attributes(random),
    droppedAttributesCount: 0,
    events: random.chance(0.2)
      ? [{ name: 'x', timeUnixNano: 1_000_000_000n, attributes: attributes(random), droppedAttributesCount: 0 }]
      : [],
    droppedEventsCount: 0,
    links: random.chance(0.1)
      ? [
          {
            traceId: id,
            spanId: '1'.repeat(16),
            traceState: '',
            flags: 0,
            attributes: attributes(random),
            droppedAttributesCount: 0,
          },
        ]
      : [],
    droppedLinksCount: 0,
    status: { code: random.below(3), message: random.pick(['', 'x']) },
  })
  const spans = Array.from({ length: count }, (_, n) => span(n))
  const cut = random.below(count)
  return [spans.slice(0, cut), spans.slice(cut)].map((items) => ({
    resource: { attributes: attributes(random), droppedAttributesCount: 0 },
    schemaUrl: '',
    scopes: [
      {
        scope: {
          name: random.pick(['x', 's']),
          version: '1',
          attributes: attributes(random),
          droppedAttributesCount: 0,
        },
        schemaUrl: '',
        items,
      },
    ],
  }))
}

function comparison(random: Random): string {
  const field = random.pick([
    ...['name', 'status', 'kind', 'duration', 'statusMessage', 'rootName', 'rootServiceName', 'traceDuration'],
    ...['event:name', 'instrumentation:name', 'span:childCount', 'nestedSetParent'],
    ...KEYS.flatMap((k) =>
      ['.', 'span.', 'resource.', 'event.', 'link.', 'instrumentation.', 'parent.'].map((s) => s + k),
    ),
  ])
  const operand = random.pick([
    '"x"',
    '"y"',
    '""',
    '1',
    '2',
    '0.5',
    'true',
    'false',
    '1s',
    '3s',
    'error',
    'server',
    'nil',
  ])
  const op = random.pick(['=', '=', '!=', '<', '>', '<=', '>=', '=~', '!~'])
  if (random.chance(0.1)) return `${operand} ${op} ${field}`
  return `${random.chance(0.1) ? '!(' : '('}${field} ${op} ${operand})`
}

function filter(random: Random): string {
  const parts = Array.from({ length: 1 + random.below(3) }, () => comparison(random))
  return `{ ${parts.join(random.pick([' && ', ' || ']))} }`
}

function query(random: Random): string {
  const one = random.chance(0.3)
    ? `(${filter(random)} ${random.pick(['&&', '||', '>', '>>', '<', '~', '!>', '!>>', '&>>'])} ${filter(random)})`
    : filter(random)
  const tail = random.pick([
    '',
    '',
    ' | count() > 1',
    ' | count() = 2',
    ' | by(name) | count() >= 2',
    ` | ${filter(random)}`,
  ])
  return one + tail
}

test('what a block leaves out for a query is nothing that the query would find', async () => {
  const random = new Random(SEED)
  const parse = createParser()
  let asked = 0
  let found = 0
  let leftOut = 0
  for (let round = 0; round < 40; round++) {
    const builder = new BlockBuilder()
    for (let i = 0; i < 12; i++) {
      const id = String(i + 1).padStart(32, '0')
      builder.add(traceView(id, trace(random, id)))
    }
    const block = new Block(builder.build())
    const some: TraceSource = { traces: (start, end, need = 'maybe') => block.traces(start, end, need) }
    const all: TraceSource = { traces: (start, end) => block.traces(start, end, 'maybe') }
    for (let i = 0; i < 100; i++) {
      const text = query(random)
      let parsed: ReturnType<typeof parse>
      try {
        parsed = parse(text)
      } catch {
        continue
      }
      if (validate(parsed) !== undefined) continue
      const run = async (source: TraceSource) => {
        try {
          return await search(parsed, source, { startNanos: 0n, endNanos: 0n, limit: 100, spansPerSpanSet: 0 })
        } catch (error) {
          return { error: (error as Error).message, found: [], inspected: 0 }
        }
      }
      const shown = ({ found: list }: Awaited<ReturnType<typeof run>>) =>
        list.map(({ trace: { id }, sets }) => ({ id, sets }))
      const whole = await run(all)
      // A trace that fails the evaluation may be left out, too.
      if ('error' in whole) continue
      const part = await run(some)
      expect(shown(part), `seed ${SEED}: ${text}`).toEqual(shown(whole))
      asked++
      found += whole.found.length
      leftOut += whole.inspected - part.inspected
    }
  }
  expect(asked).toBeGreaterThan(500)
  expect(found).toBeGreaterThan(500)
  expect(leftOut).toBeGreaterThan(500)
})
