// Puts a real Collector in front of the embedded one, and behind it, with each compression over HTTP and gRPC, and
// compares what arrives byte for byte:  OTELCOL=path/to/otelcol-contrib node test/differential/agents.mjs
// Skips, and says so, where OTELCOL names none.
import { join } from 'node:path'
import { runBundled } from '../support/bundled.mjs'

process.exitCode = (await runBundled([join(import.meta.dirname, 'agents/run.ts')], [])) ? 0 : 1
