#!/usr/bin/env node
import './util/no-home.ts'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import flush from '@oclif/core/flush'
import { handle } from '@oclif/core/handle'
import { run } from '@oclif/core/run'
import { BARE_NAME, commandName } from './ui/command-name.ts'
import { keepCompiled } from './util/compile-cache.ts'
import { packageRoot } from './util/package-root.ts'

keepCompiled()

// `otel-lab logs -f | head` ends when head does, without a stack trace.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  process.exit(error.code === 'EPIPE' ? 0 : 4)
})

try {
  const words = process.argv.slice(2)
  // Nobody who types the bare name wants to read a list of commands: they want to go on.
  const inTerminal = process.stdin.isTTY === true && process.stdout.isTTY === true
  await run(words.length === 0 && inTerminal ? ['learn'] : words, options())
  await flush.flush()
} catch (error) {
  // Only what fails outside a command, such as an unknown one; LabCommand prints the rest.
  await handle(error as Error)
}

/** Help, hints and errors call this program by the name that works where it runs. */
function options() {
  const root = packageRoot()
  const name = commandName({ root, cwd: process.cwd(), env: process.env })
  if (name === BARE_NAME) return import.meta.url
  const pjson = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  return { root, pjson: { ...pjson, oclif: { ...pjson.oclif, bin: name } } }
}

// Idle keep-alive connections must not hold the shell's prompt back.
process.exit()
