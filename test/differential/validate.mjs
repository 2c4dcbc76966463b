// Puts the configs of test/collector-config/cases to a real Collector: `validate`, and a start where that takes them.
//   OTELCOL=path/to/otelcol-contrib node test/differential/validate.mjs [--record]
// Prints each verdict that differs from ours; --record keeps the real one's in verdicts.json, for the test beside it.
import { join } from 'node:path'
import { runBundled } from '../support/bundled.mjs'

const file = join(import.meta.dirname, 'validate/run.ts')
process.exitCode = (await runBundled([file], process.argv.slice(2))) ? 0 : 1
