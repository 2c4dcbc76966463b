import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { rm } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { build } from 'esbuild'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { CONFIG, folder, lines, nowNanos, onEnd, otlp, post, record } from './support.ts'

// Inside node_modules, so that the bundle finds the packages it leaves out.
const out = resolve('node_modules/.cache/otel-lab', `crash-${process.pid}`)
const program = join(out, 'serve.mjs')
beforeAll(() =>
  build({
    entryPoints: [resolve('test/embedded/loki/programs/serve.ts')],
    outfile: program,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    packages: 'external',
    logLevel: 'warning',
  }),
)
afterAll(() => rm(out, { recursive: true, force: true }))

const config = `${CONFIG}limits_config: {max_entries_limit_per_query: 100000}\n`

async function serve(dir: string): Promise<{ child: ChildProcess; url: string }> {
  const child = spawn(process.execPath, [program, dir, config], { stdio: ['pipe', 'pipe', 'inherit'] })
  onEnd(async () => child.kill('SIGKILL'))
  const [port] = await once(child.stdout!, 'data')
  return { child, url: `http://127.0.0.1:${String(port).trim()}` }
}

test('after kill -9 every acknowledged line is there, once, whether in the journal or in chunks', async () => {
  const dir = await folder()
  const acknowledged = new Set<string>()
  const begin = nowNanos()
  let next = 0
  // Different moments of its work: right after a start, while a chunk is cut, in between.
  for (const killAfter of [40, 90, 140]) {
    const { child, url } = await serve(dir)
    let alive = true
    const sender = async () => {
      while (alive) {
        const names = Array.from({ length: 20 }, () => `line ${next++}`)
        const records = names.map((name, i) => record(begin + BigInt(next * 100 + i), name))
        const response = await post(`${url}/otlp/v1/logs`, otlp(records)).catch(() => undefined)
        if (response?.status === 204) for (const name of names) acknowledged.add(name)
      }
    }
    const cutter = async () => {
      while (alive) await fetch(`${url}/flush`, { method: 'POST' }).catch(() => {})
    }
    const work = [sender(), sender(), sender(), cutter()]
    await new Promise((done) => setTimeout(done, killAfter))
    while (acknowledged.size < killAfter) await new Promise((done) => setTimeout(done, 10))
    child.kill('SIGKILL')
    await once(child, 'exit')
    alive = false
    await Promise.all(work)
  }
  const { child, url } = await serve(dir)
  const end = String(begin + 3_600_000_000_000n)
  const found = await lines(url, '{service_name="neuro"}', { limit: '100000', end })
  expect(new Set(found).size).toBe(found.length)
  const missing = [...acknowledged].filter((name) => !found.includes(name))
  expect(missing).toEqual([])
  child.kill('SIGKILL')
}, 60_000)
