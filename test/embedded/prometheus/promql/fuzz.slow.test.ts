import { describe, expect, test } from 'vitest'
import { Engine } from '../../../../src/embedded/prometheus/promql/engine.ts'
import { EvaluationError } from '../../../../src/embedded/prometheus/promql/errors.ts'
import { parseExpr } from '../../../../src/embedded/prometheus/promql/parse.ts'
import { prettify } from '../../../../src/embedded/prometheus/promql/pretty.ts'
import { print } from '../../../../src/embedded/prometheus/promql/print.ts'
import { QueryError } from '../../../../src/errors.ts'
import { MemorySource } from '../../../support/memory-source.ts'
import { QueryGenerator, randomSeries } from '../../../support/promql-queries.ts'
import { Random } from '../../../support/random.ts'

const PIECES = [
  ...'( ) { } [ ] , : @ + - * / % ^ == != <= < > >= =~ !~ = " \' ` # \\ \n'.split(' '),
  ...'foo bar:baz sum by without on ignoring group_left bool offset and or unless rate topk start end step inf nan'.split(
    ' ',
  ),
  ...'5m 1h30m 1e3 0x1f .5 1_000 "x" `y` \'z\' "\\x41" "\\u00" ü 🙂 \ufffd \ud800'.split(' '),
]

/** What may be thrown at a query: a fault in it that lies within it. */
function expectFault(error: unknown, query: string): void {
  if (!(error instanceof QueryError)) throw new Error(`${JSON.stringify(query)}: ${(error as Error).stack}`)
  expect(error.position).toBeGreaterThanOrEqual(0)
  expect(error.position).toBeLessThanOrEqual(query.length)
}

describe('the parser', () => {
  test('takes or refuses any row of tokens, and names a place', () => {
    const random = new Random(1)
    let taken = 0
    for (let i = 0; i < 6_000; i++) {
      const query = Array.from({ length: 1 + random.below(12) }, () => random.pick(PIECES)).join(random.pick(['', ' ']))
      try {
        const printed = print(parseExpr(query, { experimental: random.chance(0.5) }))
        taken++
        // Infinity is printed with a sign, which reads as an operator before it: so with the real one.
        if (!/inf/i.test(query)) expect(print(parseExpr(printed, { experimental: true }))).toBe(printed)
      } catch (error) {
        expectFault(error, query)
      }
    }
    expect(taken).toBeGreaterThan(100)
  })

  test('takes or refuses queries with a piece cut out, doubled or changed', () => {
    const random = new Random(2)
    const generator = new QueryGenerator(random)
    for (let i = 0; i < 1500; i++) {
      const query = generator.query()
      const [at, length] = [random.below(query.length), 1 + random.below(5)]
      const piece = random.pick(['', query.slice(at, at + length).repeat(2), random.pick(PIECES)])
      const mutant = query.slice(0, at) + piece + query.slice(at + length)
      try {
        parseExpr(mutant)
      } catch (error) {
        expectFault(error, mutant)
      }
    }
  })

  test('what is printed or laid out is the same query', () => {
    const generator = new QueryGenerator(new Random(3))
    for (let i = 0; i < 400; i++) {
      const query = generator.query()
      const printed = print(parseExpr(query))
      expect(print(parseExpr(printed))).toBe(printed)
      expect(print(parseExpr(prettify(parseExpr(query))))).toBe(printed)
    }
  })
})

describe('the evaluator', () => {
  const random = new Random(4)
  const end = 1_700_000_000_000
  const source = new MemorySource()
  for (const { labels, samples } of randomSeries(random, end)) {
    // Few samples: it is the queries that matter.
    source.add(
      labels,
      samples.filter((_, i) => i % 12 === 0).map((sample) => ({ ...sample, stale: random.chance(0.02) })),
    )
  }
  const engine = (delayedNameRemoval: boolean) => new Engine({ source, delayedNameRemoval, now: () => Date.now() })

  test('answers or refuses every query, and at a step what the same instant query answers', async () => {
    const generator = new QueryGenerator(random)
    let answered = 0
    for (let i = 0; i < 400; i++) {
      const query = generator.query()
      const options = { lookbackMs: 300_000, deadline: Date.now() + 60_000 }
      const [start, step] = [end - 1_800_000 + random.below(1000), 61_000]
      const last = start + 9 * step
      try {
        const whole = await engine(i % 2 === 0).range(query, { start, end: last, step }, options)
        answered++
        // These depend on where the query starts and ends, or on the other steps.
        if (/@ (start|end)|sort_desc/.test(query) || whole.data.resultType !== 'matrix') continue
        const k = random.below(10)
        const time = start + k * step
        const once = await engine(i % 2 === 0).instant(query, time, options)
        const column = new Map(
          whole.data.result.flatMap(({ labels, times, values }) => {
            const at = Array.from(times).indexOf(time)
            return at === -1 ? [] : [[labels.join('|'), values[at]!] as const]
          }),
        )
        if (once.data.resultType === 'scalar') expect([...column.values()], query).toEqual([once.data.value])
        else if (once.data.resultType === 'vector') {
          expect(new Map(once.data.result.map(({ labels, value }) => [labels.join('|'), value])), query).toEqual(column)
        }
      } catch (error) {
        if (!(error instanceof EvaluationError)) throw new Error(`${query}: ${(error as Error).stack}`)
      }
    }
    expect(answered).toBeGreaterThan(350)
  })
})
