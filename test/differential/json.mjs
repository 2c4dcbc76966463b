// Posts OTLP/JSON, right and wrong, to a real Collector and to the embedded one, and compares status and what each sends on:
//   OTELCOL=path/to/otelcol-contrib node test/differential/json.mjs
import { join } from 'node:path'
import { runBundled } from '../support/bundled.mjs'

process.exitCode = (await runBundled([join(import.meta.dirname, 'json/run.ts')], [])) ? 0 : 1
