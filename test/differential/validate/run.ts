import { spawn } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { resolveConfig } from '../../../src/collector-config.ts'
import { type ConfigCase, configCases } from '../../support/config-cases.ts'
import { realCollector } from '../../support/real-collector.ts'

interface Verdict {
  /** What it said, without its prefix; '' where it took the config. */
  said: string
  /** Where: `validate` or `start`. */
  at?: string
}

const AT_ONCE = 3
const START_MS = 15_000

const real = realCollector()
if (real === undefined) console.log('validate: SKIPPED, OTELCOL names no Collector')
else process.exitCode = await run(real.path, real.version, process.argv.includes('--record'))

async function run(path: string, version: string, record: boolean): Promise<number> {
  const dir = await mkdtemp(join(tmpdir(), 'validate-'))
  const verdicts: Record<string, Verdict> = {}
  const cases = configCases()
  const queue = [...cases]
  let differ = 0
  const worker = async (lane: number) => {
    for (let one = queue.shift(); one !== undefined; one = queue.shift()) {
      const file = join(dir, `${lane}.yaml`)
      await writeFile(file, one.config)
      const theirs = await judge(path, file)
      verdicts[one.name] = theirs
      const ours = said(one)
      if ((ours === '') === (theirs.said === '')) continue
      differ++
      console.log(
        `✗ ${one.name}\n    real (${theirs.at ?? 'taken'}): ${theirs.said.slice(0, 300)}\n    ours: ${ours.slice(0, 300)}`,
      )
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, (_, lane) => worker(lane)))
  await rm(dir, { recursive: true, force: true })
  console.log(`${cases.length - differ} of ${cases.length} verdicts as the real ${version}`)
  if (record) {
    const sorted = Object.fromEntries(cases.map(({ name }) => [name, verdicts[name]!]))
    const file = join('test/collector-config', 'verdicts.json')
    await writeFile(file, `${JSON.stringify({ version, verdicts: sorted }, null, 2)}\n`)
  }
  return differ === 0 ? 0 : 1
}

function said({ config }: ConfigCase): string {
  const errors = resolveConfig(config, {}).diagnostics.filter(({ severity }) => severity === 'error')
  return errors.map(({ message }) => message).join('\n')
}

async function judge(path: string, file: string): Promise<Verdict> {
  const validated = await output(path, ['validate', '--config', file], () => false)
  if (validated.code !== 0) return { said: errorOf(validated.text), at: 'validate' }
  const started = await output(path, ['--config', file], (text) => text.includes('Everything is ready'))
  return started.code === null ? { said: '' } : { said: errorOf(started.text), at: 'start' }
}

/** Runs it to its end, or until `enough`: then the code is null. */
function output(
  path: string,
  args: string[],
  enough: (text: string) => boolean,
): Promise<{ code: number | null; text: string }> {
  return new Promise((resolve) => {
    const child = spawn(path, args, { stdio: ['ignore', 'pipe', 'pipe'] })
    let text = ''
    let ready = false
    const late = setTimeout(() => child.kill('SIGKILL'), START_MS)
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (part) => {
        text += part
        if (ready || !enough(text)) return
        ready = true
        child.kill('SIGKILL')
      })
    }
    child.on('close', (code) => {
      clearTimeout(late)
      resolve({ code: ready ? null : (code ?? -1), text })
    })
  })
}

/** `Error: ...` up to the line that says it again with the time. */
function errorOf(text: string): string {
  const from = text.indexOf('Error: ')
  const rest = from < 0 ? text : text.slice(from + 7)
  // Where a panic's stack lay says only whose machine it was.
  return rest.split(/\n\d{4}[-/]\d{2}[-/]\d{2}[T ]|\n\ngoroutine /)[0]!.trim()
}
