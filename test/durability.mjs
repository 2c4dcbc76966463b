// kill -9 at random points under load; every record that was acknowledged must be there after the next `up`:
//   node test/durability.mjs [--rounds 5] [--seed N]
import { join } from 'node:path'
import { runBundled } from './support/bundled.mjs'

const ok = await runBundled([join(import.meta.dirname, 'durability/durability.ts')], process.argv.slice(2))
process.exitCode = ok ? 0 : 1
