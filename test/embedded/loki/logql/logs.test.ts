import { expect, test } from 'vitest'
import { groupLines } from '../../../../src/embedded/loki/logql/group-lines.ts'
import type { RangeRequest } from '../../../../src/embedded/loki/logql/logql.ts'
import type { LogSource } from '../../../../src/embedded/loki/logql/source.ts'
import { at, logql, sourceOf } from './support.ts'

const source = sourceOf({
  'app=a': [1, 3, 5, 7].map((t) => ({ t, line: `a${t} level=info`, metadata: { trace: `t${t}` } })),
  'app=b': [2, 4, 6].map((t) => ({ t, line: `b${t} level=warn` })),
})

async function lines(query: string, more: Partial<RangeRequest> = {}, from: LogSource = source) {
  const request = { startNanos: at(0), endNanos: at(100), stepNanos: 1n, direction: 'forward' as const, ...more }
  const result = await logql.range({ query: logql.parse(query), source: from, ...request })
  if (result.type !== 'streams') throw new Error(result.type)
  return result
}
const first = (text: string) => text.split(' ')[0]

test('lines of all streams come in the order of time, up to the limit', async () => {
  const forward = await lines('{app=~".+"}', { limit: 4 })
  expect(forward.lines.map((l) => first(l.line))).toEqual(['a1', 'b2', 'a3', 'b4'])
  const backward = await lines('{app=~".+"}', { limit: 3, direction: 'backward' })
  expect(backward.lines.map((l) => first(l.line))).toEqual(['a7', 'b6', 'a5'])
})

test('the end of the window is open', async () => {
  expect((await lines('{app="a"}', { startNanos: at(3), endNanos: at(7) })).lines).toHaveLength(2)
})

test('an interval leaves out lines that are near', async () => {
  const got = await lines('{app=~".+"}', { intervalNanos: 2_000_000_000n })
  expect(got.lines.map((l) => first(l.line))).toEqual(['a1', 'a3', 'a5', 'a7'])
})

test('no more is read than the limit needs', async () => {
  let read = 0
  const endless: LogSource = {
    *select() {
      yield {
        labels: [['app', 'a']],
        *entries() {
          for (let i = 0; ; i++) {
            read++
            yield { nanos: at(i), line: `${i}`, metadata: [] }
          }
        },
      }
    },
  }
  expect((await lines('{app="a"} |= "7"', { limit: 2 }, endless)).lines.map((l) => l.line)).toEqual(['7', '17'])
  expect(read).toBeLessThan(40)
})

test('a store is told which texts a line must have', async () => {
  let hints: readonly string[] = []
  const asking: LogSource = {
    select(selection) {
      hints = selection.contains
      return []
    },
  }
  await lines('{app="a"} |= "x" | json |= "y" != "z" |= "p" or "q" | line_format "{{.a}}" |= "new"', {}, asking)
  expect(hints).toEqual(['x', 'y'])
})

test('labels are told apart by where they are from, or make up the stream together', async () => {
  const { lines: found } = await lines('{app="a"} | logfmt', { limit: 2 })
  expect(found[0]).toMatchObject({
    stream: [['app', 'a']],
    structuredMetadata: [['trace', 't1']],
    parsed: [['level', 'info']],
  })
  expect(groupLines(found, true)).toEqual([{ labels: [['app', 'a']], lines: found }])
  expect(groupLines(found, false).map((s) => s.labels)).toEqual([
    [
      ['app', 'a'],
      ['level', 'info'],
      ['trace', 't1'],
    ],
    [
      ['app', 'a'],
      ['level', 'info'],
      ['trace', 't3'],
    ],
  ])
})

test('statistics say what was read and found', async () => {
  const { statistics } = await lines('{app="b"} |= "b4"')
  expect(statistics).toMatchObject({ linesProcessed: 3, linesFound: 1 })
})
