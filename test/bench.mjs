// Figures beside their targets or a baseline: npm run bench [-- NAME [its flags]]; a name is a file in test/bench/.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { runBundled } from './support/bundled.mjs'

const HERE = join(import.meta.dirname, 'bench')
const [first = 'startup', ...args] = process.argv.slice(2)
const [ts, mjs] = [join(HERE, `${first}.ts`), join(HERE, `${first}.mjs`)]
if (existsSync(ts)) process.exitCode = (await runBundled([ts], args, ['--expose-gc'])) ? 0 : 1
else if (existsSync(mjs))
  process.exitCode = spawnSync(process.execPath, [mjs, ...args], { stdio: 'inherit' }).status ?? 1
else {
  const names = (await readdir(HERE))
    .filter((file) => /\.(ts|mjs)$/.test(file))
    .map((file) => file.replace(/\.\w+$/, ''))
  console.error(`there is no benchmark ${first}; there are ${names.join(', ')}`)
  process.exitCode = 2
}
