// kill -9 at random points under load, and what disks and folders do: every record that was acknowledged must be there
// afterwards, and what went wrong must be said.
//   node test/durability.mjs [kills] [faults] [--rounds 5] [--seed N] [--only WORDS]
import { join } from 'node:path'
import { runBundled } from './support/bundled.mjs'

const PARTS = { kills: 'durability.ts', faults: 'faults.ts' }
const args = process.argv.slice(2)
const asked = Object.keys(PARTS).filter((part) => args.includes(part))
const parts = asked.length === 0 ? Object.keys(PARTS) : asked
const files = parts.map((part) => join(import.meta.dirname, 'durability', PARTS[part]))
const ok = await runBundled(
  files,
  args.filter((arg) => PARTS[arg] === undefined),
)
process.exitCode = ok ? 0 : 1
