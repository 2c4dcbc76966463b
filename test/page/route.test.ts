import { expect, test } from 'vitest'
import { type Route, readRoute, routeUrl, stepBack } from '../../src/page/state/route.ts'

test('every state survives its URL', () => {
  const routes: Route[] = [
    { view: 'walk' },
    { view: 'topology', run: 'r1' },
    {
      view: 'walk',
      run: 'r1',
      vs: 'r2',
      from: 1,
      to: 2,
      metric: 'a_total',
      mode: 'rate',
      promql: 'sum(rate(a[1m])) & {b="#?"}',
      traceql: '{.a="b"}',
      logql: '{a="b"} |= "+"',
      trace: 'a'.repeat(32),
      span: 'b'.repeat(16),
      line: '1795826489104000000',
      shape: 'diff',
      other: 'c'.repeat(32),
      exercise: 3,
    },
    { view: 'topology', arrow: 'processor filter/health traces', passage: 12 },
  ]
  for (const route of routes) {
    const [path, search = ''] = routeUrl(route).split('?')
    expect(readRoute(path!, search)).toEqual(route)
  }
  expect(readRoute('/nonsense', 'from=x&run=')).toEqual({ view: 'walk' })
  expect(readRoute('/', 'trace=AB12').trace).toBe('ab12'.padStart(32, '0'))
})

test('a step back leaves the line, then the span, then the trace, and then nothing', () => {
  const route: Route = { view: 'walk', run: 'r1', trace: 't', span: 's', line: '1', shape: 'flame', logql: 'x' }
  const first = stepBack(route)!
  expect(first).toMatchObject({ trace: 't', span: 's' })
  expect(first.line).toBeUndefined()
  expect(stepBack(first)).toEqual({ view: 'walk', run: 'r1', trace: 't', shape: 'flame', logql: 'x' })
  expect(stepBack(stepBack(first)!)).toEqual({ view: 'walk', run: 'r1' })
  expect(stepBack({ view: 'walk', run: 'r1' })).toBeUndefined()
  // Then the second run, and the range; on the topology what was opened there, and nothing of the walk behind it.
  expect(stepBack({ view: 'walk', run: 'r1', vs: 'r2' })).toEqual({ view: 'walk', run: 'r1' })
  expect(stepBack({ view: 'walk', from: 1, to: 2, promql: 'up' })).toEqual({ view: 'walk', promql: 'up' })
  const arrow: Route = { view: 'topology', trace: 't', arrow: 'a b c', passage: 3 }
  expect(stepBack(arrow)).toEqual({ view: 'topology', trace: 't', arrow: 'a b c' })
  expect(stepBack(stepBack(arrow)!)).toEqual({ view: 'topology', trace: 't' })
  expect(stepBack({ view: 'topology', trace: 't' })).toBeUndefined()
})
