import { cp, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import type { Diagnosis } from '../../src/diagnosis.ts'
import { findChromium, openBrowser } from '../support/browser.ts'
import { type TestLab, testLab } from '../support/lab.ts'

const chromium = findChromium()
const COLLECTOR = 'otel-collector-config.yaml'

interface Fault {
  name: string
  signal: 'traces' | 'metrics' | 'logs'
  edit?: { file: string; service: string; from: string; to: string }
  env?: Record<string, string>
}

const FAULTS: Fault[] = [
  {
    name: 'an exporter that dials the wrong port',
    signal: 'traces',
    edit: { file: COLLECTOR, service: 'otel-collector', from: 'endpoint: tempo:4317', to: 'endpoint: tempo:4999' },
  },
  {
    name: 'a filter that drops every span',
    signal: 'traces',
    edit: { file: COLLECTOR, service: 'otel-collector', from: '".*health.*"', to: '".*"' },
  },
  {
    name: 'a scrape of the wrong port',
    signal: 'metrics',
    edit: { file: 'prometheus.yml', service: 'prometheus', from: 'otel-collector:8889', to: 'otel-collector:8899' },
  },
  {
    name: 'an exporter of logs with a wrong path',
    signal: 'logs',
    edit: { file: COLLECTOR, service: 'otel-collector', from: 'http://loki:3100/otlp', to: 'http://loki:3100/otlpp' },
  },
  { name: 'an SDK that is told to send no traces', signal: 'traces', env: { OTEL_TRACES_EXPORTER: 'none' } },
]

describe.skipIf(!chromium)('a broken link is drawn as broken, and as the terminal says it', () => {
  let lab: TestLab
  let browser: Browser
  let url: string

  beforeAll(async () => {
    lab = await testLab()
    await lab.run(['up', '--engine', 'embedded', '--port-offset', String(lab.offset)])
    const config = join(lab.dir, 'configs/prometheus.yml')
    await writeFile(
      config,
      (await readFile(config, 'utf8')).replaceAll(/scrape_(interval|timeout): \w+/g, 'scrape_$1: 1s'),
    )
    await lab.run(['restart', 'prometheus'])
    await cp(join(lab.dir, 'configs'), join(lab.dir, 'sound'), { recursive: true })
    url = JSON.parse((await lab.run(['open', '--json'])).stdout).url.replace(/\/$/, '')
    browser = await openBrowser(chromium!)
  }, 120_000)
  afterAll(async () => {
    await browser?.close()
    await lab?.close()
  })

  test.each(FAULTS)(
    '$name',
    async ({ name, signal, edit, env = {} }) => {
      const run = name.replaceAll(/\W+/g, '-')
      if (edit) {
        // Whatever comes of it: the next fault meets a sound lab.
        onTestFinished(async () => {
          await rm(join(lab.dir, 'configs'), { recursive: true })
          await cp(join(lab.dir, 'sound'), join(lab.dir, 'configs'), { recursive: true })
          await lab.run(['restart', edit.service])
        }, 60_000)
        const path = join(lab.dir, 'configs', edit.file)
        const text = await readFile(path, 'utf8')
        expect(text).toContain(edit.from)
        await writeFile(path, text.replace(edit.from, edit.to))
        expect((await lab.run(['restart', edit.service])).code).toBe(0)
      }
      await lab.run(['run', '--run-id', run], { env })
      const said = JSON.parse((await lab.run(['doctor', run, '--json'], { env })).stdout) as { diagnoses: Diagnosis[] }
      const broken = said.diagnoses.find((one) => one.signal === signal)!.broken!
      expect(broken).toBeDefined()

      const page = await browser.newPage({ viewport: { width: 1440, height: 900 } })
      await page.goto(`${url}/?run=${run}`)
      const band = `.band-${{ traces: 'trace', metrics: 'metric', logs: 'logs' }[signal]}`
      await page.waitForSelector(`${band} .said-broken`, { timeout: 90_000 })
      const shown = (await page.textContent(`${band} .said-broken`))!
      expect(shown).toContain(`ended at ${broken.hop}${broken.id ? ` ${broken.id}` : ''}`)
      const command = broken.next?.split('\n')[0] ?? ''
      expect(shown).toContain(command)
      expect(await page.textContent(`${band} .station.broken`)).toContain(broken.hop)

      await page.goto(`${url}/topology?run=${run}`)
      const note = `.pipeline[aria-label="pipeline ${signal}"] .broken-note`
      await page.waitForSelector(note, { timeout: 90_000 })
      expect(await page.textContent(note)).toContain(command)
      console.log(`${name.padEnd(42)} ${broken.hop} ${broken.id ?? ''} → ${command}`)
      await page.close()
    },
    300_000,
  )
})
