// Writes stack/grafana/dashboards/otel-lab.json, once each of its queries has shown on a lab what really happened:
//   npm run dashboard
import { readFile, writeFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { buildDashboard } from './build.ts'
import { tryDashboard } from './try.ts'

const path = resolve('stack/grafana/dashboards/otel-lab.json')
const text = `${JSON.stringify(buildDashboard(), undefined, 2)}\n`
const tried = await tryDashboard(JSON.parse(text))
for (const { panel, refId, problem } of tried)
  console.log(`${problem ? '✗' : '✓'} ${panel} ${refId}${problem ? `: ${problem}` : ''}`)
const wrong = tried.filter(({ problem }) => problem !== undefined)
if (wrong.length > 0) {
  console.log(`\n${wrong.length} of ${tried.length} queries are empty or misleading: ${path} stays as it is`)
  process.exitCode = 1
} else {
  const before = await readFile(path, 'utf8').catch(() => '')
  await writeFile(path, text)
  console.log(
    `\n${tried.length} queries show what happened; ${path} ${before === text ? 'was so already' : 'is written'}`,
  )
}
