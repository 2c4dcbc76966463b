// Puts the same random queries to the embedded Prometheus and to a real one (Debian's), fed the same samples:
//   node test/differential/promql.mjs [--seed N] [--queries N]
// Skips, and says so, where there is no real Prometheus.
import { join } from 'node:path'
import { runBundled } from '../support/bundled.mjs'

const ok = await runBundled([join(import.meta.dirname, 'promql/run.ts')], process.argv.slice(2))
process.exitCode = ok ? 0 : 1
