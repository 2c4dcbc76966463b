// Puts the same thousand items through components of a real Collector and through ours, by the settings of
// test/embedded/collector/beside, and compares what comes out.
//   OTELCOL=path/to/otelcol-contrib node test/differential/components.mjs [--record] [WORD]
// Prints what differs; --record keeps what came out of the real one, for the test beside them. WORD: only those.
import { join } from 'node:path'
import { runBundled } from '../support/bundled.mjs'

const file = join(import.meta.dirname, 'components/run.ts')
process.exitCode = (await runBundled([file], process.argv.slice(2))) ? 0 : 1
