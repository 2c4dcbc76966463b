#!/usr/bin/env node
import flush from '@oclif/core/flush'
import { handle } from '@oclif/core/handle'
import { run } from '@oclif/core/run'

// `otel-lab logs -f | head` ends when head does, without a stack trace.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  process.exit(error.code === 'EPIPE' ? 0 : 4)
})

try {
  const words = process.argv.slice(2)
  // Nobody who types the bare name wants to read a list of commands: they want to go on.
  const inTerminal = process.stdin.isTTY === true && process.stdout.isTTY === true
  await run(words.length === 0 && inTerminal ? ['learn'] : words, import.meta.url)
  await flush.flush()
} catch (error) {
  // Only what fails outside a command, such as an unknown one; LabCommand prints the rest.
  await handle(error as Error)
}
// Idle keep-alive connections must not hold the shell's prompt back.
process.exit()
