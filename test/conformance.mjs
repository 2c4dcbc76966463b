// Measures the lab against the suites that others wrote: npm run conformance -- SUITES [--only NAME] [--all] [--url URL]
// Each file in test/conformance/ is one measurement; --all prints every case that fails; --url puts the cases that
// can be put over HTTP to a backend that runs, ours or a real one. Nothing of the suites is part of this project.
import { existsSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { basename, join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { runBundled } from './support/bundled.mjs'

const HERE = join(import.meta.dirname, 'conformance')
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { all: { type: 'boolean' }, only: { type: 'string' }, url: { type: 'string' } },
})
const suites = positionals[0] ?? process.env.OTEL_LAB_SUITES
if (suites === undefined || !existsSync(suites)) {
  console.log(
    `SKIPPED: no suites in ${suites ?? 'the folder given'}. npm run conformance -- PATH [--only NAME] [--all]`,
  )
  process.exit(0)
}
const files = (await readdir(HERE)).filter((file) => file.endsWith('.ts')).sort()
const wanted = files.filter((file) => values.only === undefined || basename(file, '.ts') === values.only)
if (wanted.length === 0) {
  console.error(`there is no measurement ${values.only}; there are ${files.map((f) => basename(f, '.ts')).join(', ')}`)
  process.exit(2)
}
const passOn = [...(values.all ? ['--all'] : []), ...(values.url ? ['--url', values.url] : [])]
const ok = await runBundled(
  wanted.map((file) => join(HERE, file)),
  [resolve(suites), ...passOn],
)
process.exitCode = ok ? 0 : 1
