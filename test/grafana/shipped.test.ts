import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { expect, test } from 'vitest'
import { buildDashboard } from './build.ts'
import { CHECKS } from './checks.ts'

test('what ships is what the script builds', async () => {
  const shipped = JSON.parse(await readFile(resolve('stack/grafana/dashboards/otel-lab.json'), 'utf8'))
  expect(shipped, 'npm run dashboard writes it anew').toEqual(JSON.parse(JSON.stringify(buildDashboard())))
})

test('each query has a check, and an empty answer passes none', () => {
  const queries = (buildDashboard().panels ?? []).flatMap((panel) =>
    'targets' in panel
      ? ((panel.targets ?? []) as { refId?: string }[]).map(({ refId = '' }) => [panel.title ?? '', refId])
      : [],
  )
  expect(queries.length).toBeGreaterThan(20)
  const truth = { files: 9, failed: 3, accepted: { spans: 5, metric_points: 5, log_records: 5 }, exporters: {} }
  for (const [title, refId] of queries) {
    const check = CHECKS[title!]?.[refId!]
    expect(check?.({ series: [], texts: [], exemplars: [] }, truth), `${title} ${refId}`).toEqual(expect.any(String))
  }
})
