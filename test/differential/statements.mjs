// Puts the statements of test/ottl to a real Collector that has the transform processor.
//   OTELCOL=path/to/otelcol-contrib node test/differential/statements.mjs [--record]
// Prints each result that differs from ours; --record keeps the real one's beside them, for the test there.
import { join } from 'node:path'
import { runBundled } from '../support/bundled.mjs'

const file = join(import.meta.dirname, 'statements/run.ts')
process.exitCode = (await runBundled([file], process.argv.slice(2))) ? 0 : 1
