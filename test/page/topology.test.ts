import { expect, test } from 'vitest'
import { markOf } from '../../src/page/topology/broken.ts'
import type { TopologyNode, WayStation } from '../../src/page-server/answers.ts'

const STEPS: TopologyNode[][] = [
  [{ kind: 'app', id: 'your program' }],
  [{ kind: 'receiver', id: 'otlp' }],
  [{ kind: 'processor', id: 'filter/health' }],
  [{ kind: 'exporter', id: 'prometheus', out: { pulled: true } }],
  [{ kind: 'backend', id: 'prometheus' }],
]

/** Each place that is drawn as broken: its name, and `→` for its arrow. */
const drawn = (hop: string, id?: string) => {
  const station: WayStation = { hop, state: 'dropped', seen: '', ...(id ? { id } : {}) }
  return STEPS.flatMap((nodes, i) =>
    nodes.flatMap((node) => {
      const { node: place, arrow } = markOf(station, node, STEPS[i + 1])
      return [...(place ? [`${node.kind}`] : []), ...(arrow ? [`${node.kind} →`] : [])]
    }),
  )
}

test('a hop is drawn as broken where it is: one arrow, or none where nothing crosses one', () => {
  expect(drawn('sdk')).toEqual(['app', 'app →'])
  expect(drawn('export')).toEqual(['app →'])
  expect(drawn('receiver', 'otlp')).toEqual(['receiver', 'receiver →'])
  expect(drawn('receiver', 'zipkin')).toEqual([])
  expect(drawn('processor', 'filter/health')).toEqual(['processor', 'processor →'])
  expect(drawn('exporter', 'prometheus')).toEqual(['exporter', 'exporter →'])
  expect(drawn('scrape', 'prometheus')).toEqual(['exporter →'])
  expect(drawn('backend', 'prometheus')).toEqual(['exporter →', 'backend'])
  expect(drawn('query')).toEqual(['backend'])
})
