import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Diagnosis } from '../../src/diagnosis.ts'
import { findFault, inject, loadFaults, restore } from '../../src/faults.ts'
import { type ReplayLab, replayLab } from '../faults/lab.ts'
import { findChromium, openBrowser } from '../support/browser.ts'

const chromium = findChromium()
/** Where to keep the pictures, for whoever wants to look at them; `FAULTS=NAME,NAME` tries others of exercises/faults. */
const SHOTS = process.env.OTEL_LAB_SHOTS
const FAULTS = process.env.FAULTS?.split(',') ?? [
  'endpoint-wrong-port',
  'filter-drops-all',
  'scrape-wrong-port',
  'loki-exporter-wrong-path',
  'memory-limiter-refuses',
  'no-logs-pipeline',
]
const BANDS = { traces: 'trace', metrics: 'metric', logs: 'logs' }

describe.skipIf(!chromium)('a broken link is drawn as broken, and as the terminal says it', () => {
  let lab: ReplayLab
  let browser: Browser
  let url: string

  beforeAll(async () => {
    lab = await replayLab()
    url = JSON.parse((await lab.cli(['open', '--json'])).stdout).url.replace(/\/$/, '')
    browser = await openBrowser(chromium!)
  }, 120_000)
  afterAll(async () => {
    await browser?.close()
    await lab?.close()
  })

  test.each(FAULTS)(
    '%s',
    async (name) => {
      const fault = findFault(await loadFaults(), name)
      try {
        const env = await inject(lab.faults, [fault])
        const { runId } = await lab.run(env, fault.demo)
        const { stdout, stderr } = await lab.cli(['doctor', runId, '--json'], env)
        const said = JSON.parse(stdout || stderr) as { diagnoses: Diagnosis[] }
        const page = await browser.newPage({ viewport: { width: 1440, height: 900 } })
        for (const signal of fault.signals) {
          const broken = said.diagnoses.find((one) => one.signal === signal)!.broken!
          expect(broken.hop).toBe(fault.hop)
          await page.goto(`${url}/?run=${runId}`)
          const band = `.band-${BANDS[signal]}`
          await page.waitForSelector(`${band} .said-broken`, { timeout: 90_000 })
          const shown = (await page.textContent(`${band} .said-broken`))!
          expect(shown).toContain(`ended at ${broken.hop}${broken.id ? ` ${broken.id}` : ''}`)
          const mend = broken.next?.split('\n')[0] ?? ''
          expect(shown).toContain(mend)
          expect(await page.textContent(`${band} .station.broken`)).toContain(broken.hop)
          if (SHOTS) await page.screenshot({ path: join(SHOTS, `fault-${name}-${signal}.png`) })

          await page.goto(`${url}/topology?run=${runId}`)
          const pipeline = `.pipeline[aria-label="pipeline ${signal}"]`
          await page.waitForSelector(`${pipeline} .broken-note`, { timeout: 90_000 })
          expect(await page.textContent(`${pipeline} .broken-note`)).toContain(mend)
          const drawn = await page.locator(`${pipeline} .arrow.broken`).allTextContents()
          // What no pipeline takes has no arrow.
          if ((await page.locator(`${pipeline} .arrow`).count()) > 0) expect(drawn).toHaveLength(1)
          if (SHOTS) await page.screenshot({ path: join(SHOTS, `fault-${name}-${signal}-topology.png`) })
          const arrow = drawn[0]?.replace(/^what travels (from [^:]+):.*/, '$1') ?? 'no pipeline'
          console.log(`${name.padEnd(26)} ${signal.padEnd(8)} ${broken.hop} ${broken.id ?? ''} | ${arrow} | ${mend}`)
        }
        await page.close()
      } finally {
        await restore(lab.faults)
      }
    },
    300_000,
  )
})
