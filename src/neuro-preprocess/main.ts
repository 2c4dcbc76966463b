#!/usr/bin/env node
import { parseCommand } from './cli/arguments.ts'
import { HELP, PROCESS_HELP, SYNTH_HELP } from './cli/help.ts'
import { ScanFault, UsageError } from './fault.ts'
import { packageVersion } from './version.ts'

/** The worker is built beside this file. */
const WORKER = new URL('./neuro-worker.js', import.meta.url)

async function main(args: string[]): Promise<number> {
  const { stdout: out, stderr: err, env } = process
  const version = packageVersion(import.meta.url)
  const asked = parseCommand(args)
  switch (asked.command) {
    case 'help':
      out.write({ all: HELP, process: PROCESS_HELP, synth: SYNTH_HELP }[asked.about])
      return 0
    case 'version':
      out.write(`neuro-preprocess/${version}\n`)
      return 0
    case 'process': {
      const { runProcess } = await import('./cli/run-process.ts')
      const { json, logFormat } = asked
      return runProcess(asked.options, { json, logFormat, version, workerFile: WORKER, end: exit }, { out, err, env })
    }
    case 'synth': {
      const { runSynth } = await import('./cli/run-synth.ts')
      return runSynth(asked.options, { json: asked.json, end: exit }, out)
    }
  }
}

function exit(code: number): void {
  process.exit(code)
}

// A reader that went away (`| head`) is no fault.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error
  })
}

main(process.argv.slice(2)).then(
  // What is on its way to a pipe gets there; open connections of the exporters must not hold the prompt.
  (code) => process.stdout.write('', () => process.stderr.write('', () => exit(code))),
  (error: Error) => {
    const [code, text] =
      error instanceof UsageError
        ? [2, `neuro-preprocess: ${error.message}\n  → neuro-preprocess --help\n`]
        : error instanceof ScanFault
          ? [error.code === 'interrupted' ? 130 : 1, `neuro-preprocess: ${error.message}\n  → ${error.hint}\n`]
          : [1, `neuro-preprocess: this is a bug of ours, please report it\n${error.stack}\n`]
    process.stderr.write(text, () => exit(code))
  },
)
