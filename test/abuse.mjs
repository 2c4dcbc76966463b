// What is made to hurt, against a running lab of its own: each must be refused, or answered, in bounded time and memory
// and with a message, and the lab must answer as before:  node test/abuse.mjs
import { join } from 'node:path'
import { runBundled } from './support/bundled.mjs'

process.exitCode = (await runBundled([join(import.meta.dirname, 'abuse/abuse.ts')], process.argv.slice(2))) ? 0 : 1
