// Builds Grafana's dashboard and tries it on a lab: npm run dashboard
import { join } from 'node:path'
import { runBundled } from './support/bundled.mjs'

process.exitCode = (await runBundled([join(import.meta.dirname, 'grafana/dashboard.ts')], process.argv.slice(2)))
  ? 0
  : 1
