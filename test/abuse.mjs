// What is made to hurt, against a running lab of its own: each must be refused, or answered, in bounded time and memory
// and with a message, and the lab must answer as before:  node test/abuse.mjs [alone | crowds]
import { join } from 'node:path'
import { runBundled } from './support/bundled.mjs'

const PARTS = { alone: 'abuse.ts', crowds: 'crowds.ts' }
const asked = process.argv.slice(2)
const parts = asked.length === 0 ? Object.keys(PARTS) : asked
const files = parts.map((part) => join(import.meta.dirname, 'abuse', PARTS[part] ?? `${part}.ts`))
process.exitCode = (await runBundled(files, [])) ? 0 : 1
