import { expect, test } from 'vitest'
import { Block } from '../../../src/embedded/tempo/store/block/block.ts'
import { BlockBuilder } from '../../../src/embedded/tempo/store/block/builder.ts'
import { traceView } from '../../../src/embedded/tempo/store/view.ts'
import { search } from '../../../src/embedded/tempo/traceql/evaluate/search.ts'
import { createParser } from '../../../src/embedded/tempo/traceql/parse.ts'
import type { TraceSource } from '../../../src/embedded/tempo/traceql/source.ts'
import { requestFromJson } from '../../../src/otlp/json.ts'

const ID = '5b8efff798038103d269b633813fc60c'
const text = (key: string, value: string) => ({ key, value: { stringValue: value } })

// One span has an `a` of its own, the other only its resource's.
const data = requestFromJson('traces', {
  resourceSpans: [
    {
      resource: { attributes: [text('service.name', 'app'), text('a', 'of the resource')] },
      scopeSpans: [
        {
          spans: [
            ['own', 'eee19b7ec3c1b171', [text('a', 'of the span'), text('service.name', 'own')]] as const,
            ['none', 'eee19b7ec3c1b172', []] as const,
          ].map(([name, spanId, attributes]) => ({
            traceId: ID,
            spanId,
            name,
            startTimeUnixNano: '1700000000000000000',
            endTimeUnixNano: '1700000001000000000',
            attributes,
          })),
        },
      ],
    },
  ],
})

const live = traceView(ID, data)
const builder = new BlockBuilder()
builder.add(live)
const block = new Block(builder.build())
const SOURCES: [string, TraceSource][] = [
  ['a live trace', { traces: () => [live] }],
  ['a block', { traces: (start, end, need = 'maybe') => block.traces(start, end, need) }],
]

/** The value by which spans were put together, and their names. */
async function groups(query: string, source: TraceSource) {
  const options = { startNanos: 0n, endNanos: 0n, limit: 10, spansPerSpanSet: 0 }
  const { found } = await search(createParser()(query), source, options)
  return found.flatMap(({ sets }) =>
    sets.map(({ attributes, spans }) => {
      const value = attributes[0]!.value
      return [value.type === 'nil' ? null : value.value, spans.map(({ id }) => (id.endsWith('1') ? 'own' : 'none'))]
    }),
  )
}

const EACH = [
  ['of the span', ['own']],
  ['of the resource', ['none']],
]

test.each(
  SOURCES.flatMap(([where, source]) =>
    (
      [
        ['{} | by(.a)', EACH],
        ['{ resource.a = "of the resource" } | by(.a)', EACH],
        ['{ .a != "x" } | by(.a)', EACH],
        ['{ .a = "of the resource" } | by(.a)', [['of the resource', ['none']]]],
        [
          '{ resource.service.name = "app" } | by(.service.name)',
          [
            ['own', ['own']],
            ['app', ['none']],
          ],
        ],
        ['{} | by(resource.a)', [['of the resource', ['own', 'none']]]],
        [
          '{} | by(span.a)',
          [
            ['of the span', ['own']],
            [null, ['none']],
          ],
        ],
      ] as const
    ).map(([query, expected]) => [query, where, source, expected] as const),
  ),
)("%s, of %s: the span's own comes before the resource's", async (query, _, source, expected) => {
  expect(await groups(query, source)).toEqual(expected)
})
