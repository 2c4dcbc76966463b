// Who may import whom, by dependency-cruiser, and a proof that it looked at every file: with a TypeScript
// that it does not know it would see none and pass.
import { readdir } from 'node:fs/promises'
import { cruise } from 'dependency-cruiser'
import extractTSConfig from 'dependency-cruiser/config-utl/extract-ts-config'
import config from '../.dependency-cruiser.mjs'

const files = (await readdir('src', { recursive: true })).filter((f) => /[.]tsx?$/.test(f)).map((f) => `src/${f}`)
const { output } = await cruise(['src'], { ruleSet: config, validate: true, ...config.options }, undefined, {
  tsConfig: extractTSConfig('tsconfig.json'),
})
const seen = new Set(output.modules.map((m) => m.source))
const missed = files.filter((f) => !seen.has(f))
for (const v of output.summary.violations) console.error(`${v.rule.severity} ${v.rule.name}: ${v.from} -> ${v.to}`)
if (missed.length > 0) console.error(`not cruised: ${missed.join(', ')}`)
console.log(`layers: ${files.length} files, ${output.summary.violations.length} violations`)
process.exitCode = missed.length > 0 || output.summary.violations.length > 0 ? 1 : 0
