// Puts the same random queries to the embedded Prometheus and to a real one (Debian's), fed the same samples:
//   node test/differential/promql.mjs [--seed N] [--queries N]
// Skips, and says so, where there is no real Prometheus.
import { rm } from 'node:fs/promises'
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { parseArgs } from 'node:util'
import { build } from 'esbuild'

const { values } = parseArgs({
  options: { seed: { type: 'string', default: '1' }, queries: { type: 'string', default: '200' } },
})
// Inside node_modules, so that the bundle finds the packages it leaves out.
const out = resolve('node_modules/.cache/otel-lab-differential/promql.mjs')
await build({
  entryPoints: [resolve(import.meta.dirname, 'promql/run.ts')],
  outfile: out,
  bundle: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  packages: 'external',
  logLevel: 'warning',
})
const { run } = await import(pathToFileURL(out).href)
process.exitCode = await run(Number(values.seed), Number(values.queries))
await rm(out)
