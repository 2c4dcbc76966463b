// Measures the lab against the suites that others wrote: npm run conformance -- SUITES [--only NAME] [--all]
// Each file in test/conformance/ is one measurement; --all prints every case that fails. Nothing of the suites is
// part of this project, and none of its tests need them.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, readdir, rm } from 'node:fs/promises'
import { basename, join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { build } from 'esbuild'

const HERE = join(import.meta.dirname, 'conformance')
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { all: { type: 'boolean' }, only: { type: 'string' }, url: { type: 'string', multiple: true } },
})
const suites = positionals[0] ?? process.env.OTEL_LAB_SUITES
if (suites === undefined || !existsSync(suites)) {
  console.log(
    `SKIPPED: no suites in ${suites ?? 'the folder given'}. npm run conformance -- PATH [--only NAME] [--all]`,
  )
  process.exit(0)
}
const names = (await readdir(HERE)).filter((file) => file.endsWith('.ts')).map((file) => basename(file, '.ts'))
const wanted = names.filter((name) => values.only === undefined || name === values.only).sort()
if (wanted.length === 0) {
  console.error(`there is no measurement ${values.only}; there are ${names.join(', ')}`)
  process.exit(2)
}
// Inside node_modules, so that the bundles find the packages they leave out.
const out = resolve('node_modules/.cache/otel-lab-conformance')
await mkdir(out, { recursive: true })
await build({
  entryPoints: wanted.map((name) => join(HERE, `${name}.ts`)),
  outdir: out,
  outExtension: { '.js': '.mjs' },
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  packages: 'external',
  logLevel: 'warning',
})
const passOn = [...(values.all ? ['--all'] : []), ...(values.url ?? []).flatMap((url) => ['--url', url])]
let failed = false
for (const name of wanted) {
  console.log(`\n# ${name}`)
  const { status } = spawnSync(process.execPath, [join(out, `${name}.mjs`), resolve(suites), ...passOn], {
    stdio: 'inherit',
  })
  failed ||= status !== 0
}
await rm(out, { recursive: true, force: true })
process.exitCode = failed ? 1 : 0
