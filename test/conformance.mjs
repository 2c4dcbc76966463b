// Measures the lab against the suites that others wrote:
//   npm run conformance -- SUITES [--only NAME] [--all] [--url URL] [--json FILE]
// Each file in test/conformance/ is one measurement; --all prints every case that fails; --url puts the cases that
// can be put over HTTP to a backend that runs, ours or a real one; --json keeps the figures, to lay two runs side by
// side. Nothing of the suites is part of this project. What a measurement cannot put counts as failed and is named.
import { existsSync } from 'node:fs'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { runBundled } from './support/bundled.mjs'

const HERE = join(import.meta.dirname, 'conformance')
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    all: { type: 'boolean' },
    only: { type: 'string' },
    url: { type: 'string' },
    json: { type: 'string' },
  },
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
const reports = await mkdtemp(join(tmpdir(), 'conformance-'))
try {
  const passOn = [...(values.all ? ['--all'] : []), ...(values.url ? ['--url', values.url] : []), '--reports', reports]
  const ok = await runBundled(
    wanted.map((file) => join(HERE, file)),
    [resolve(suites), ...passOn],
  )
  const measured = []
  for (const name of wanted.map((file) => basename(file, '.ts'))) {
    const file = join(reports, `${name}.json`)
    // A program that died before its end has no figures: it must not look like one that had nothing to do.
    measured.push(existsSync(file) ? JSON.parse(await readFile(file, 'utf8')) : { name, groups: undefined })
  }
  console.log(`\n${tableOf(measured)}`)
  if (values.json) await writeFile(values.json, JSON.stringify(measured, null, 2))
  process.exitCode = ok && measured.every(({ groups }) => groups) ? 0 : 1
} finally {
  await rm(reports, { recursive: true, force: true })
}

function tableOf(measured) {
  const sum = (list, key) => list.reduce((total, group) => total + group[key], 0)
  const lines = measured.map(({ name, groups }) => {
    if (groups === undefined) return `${name.padEnd(16)} did not come to its end`
    const counted = groups.filter((group) => !group.outOfScope)
    return `${name.padEnd(16)} ${String(sum(counted, 'good')).padStart(5)} of ${sum(counted, 'all')}`
  })
  const aside = measured.flatMap(({ name, groups }) =>
    (groups ?? [])
      .filter((group) => group.outOfScope)
      .map((group) => `  ${name}: ${group.name}: ${group.good} of ${group.all}: ${group.outOfScope}`),
  )
  return [...lines, ...(aside.length > 0 ? ['', 'Out of scope, measured and not counted:', ...aside] : [])].join('\n')
}
