import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { findChromium, openBrowser } from '../support/browser.ts'
import { type TestLab, testLab } from '../support/lab.ts'
import { viewsOf } from './views.ts'

const chromium = findChromium()
/** Where to keep the pictures, for whoever wants to look at them; `OTEL_LAB_VIEWS=flame,diff` takes some only. */
const SHOTS = process.env.OTEL_LAB_SHOTS
const ONLY = process.env.OTEL_LAB_VIEWS?.split(',')
const WIDTHS = (process.env.OTEL_LAB_WIDTHS ?? '360,1024,2560').split(',').map(Number)

describe.skipIf(!chromium || !SHOTS)('pictures of every view', () => {
  let lab: TestLab
  let browser: Browser
  let url: string
  const edit = async (file: string, service: string, replace: (text: string) => string) => {
    const path = join(lab.dir, 'configs', file)
    await writeFile(path, replace(await readFile(path, 'utf8')))
    expect(await lab.run(['restart', service])).toMatchObject({ code: 0 })
  }
  const scrapeEvery = (every: string) =>
    edit('prometheus.yml', 'prometheus', (text) =>
      text.replaceAll(/scrape_(interval|timeout): \w+/g, `scrape_$1: ${every}`),
    )

  beforeAll(async () => {
    lab = await testLab()
    const up = ['up', '--engine', 'embedded', '--port-offset', String(lab.offset)]
    expect(await lab.run(up)).toMatchObject({ code: 0 })
    url = JSON.parse((await lab.run(['open', '--json'])).stdout).url.replace(/\/$/, '')
    browser = await openBrowser(chromium!)
    await mkdir(SHOTS!, { recursive: true })
  }, 120_000)
  afterAll(async () => {
    await browser?.close()
    await lab?.close()
  })

  const wrong: string[] = []
  /** Each width and scheme; what is wider than its screen is told. */
  async function shoot(name: string, path: string, ready: string, act?: ReturnType<typeof viewsOf>[number]['act']) {
    for (const width of WIDTHS)
      for (const colorScheme of ['light', 'dark'] as const) {
        const height = width > 2000 ? 1440 : width > 700 ? 768 : 740
        const page = await browser.newPage({ viewport: { width, height }, colorScheme })
        await page.goto(url + path)
        try {
          await page.waitForSelector(ready, { timeout: 30_000 })
          await page.waitForTimeout(400)
          await act?.(page)
        } catch (error) {
          // The picture shows why.
          wrong.push(`${name} on ${width}: ${(error as Error).message}`)
        }
        await page.waitForTimeout(300)
        const whole = width < 700 && ['overview', 'topology', 'compare'].includes(name)
        await page.screenshot({ path: join(SHOTS!, `${name}-${width}-${colorScheme}.png`), fullPage: whole })
        const wide = Number(await page.evaluate('document.documentElement.scrollWidth'))
        if (wide > width) wrong.push(`${name} is ${wide} wide on ${width}`)
        await page.close()
      }
  }
  const wanted = (name: string) => ONLY === undefined || ONLY.includes(name)

  test('before anything was run', async () => {
    if (wanted('nothing')) await shoot('nothing', '/', '.band-trace .said')
    if (wanted('nothing-topology')) await shoot('nothing-topology', '/topology', '.pipeline')
  }, 120_000)

  test('with runs', async () => {
    await scrapeEvery('1s')
    for (const kind of ['normal', 'slow', 'stress']) await lab.run(['run', kind, '--run-id', kind])
    const search = async (query: string) => {
      const asked = new URLSearchParams({ query, start: String(Date.now() - 3_600_000), end: String(Date.now()) })
      const found = (await (await fetch(`${url}/api/traces?${asked}`)).json()) as {
        traces: { traceId: string; duration: number }[]
      }
      return found.traces
    }
    const mine = 'resource.otel_lab.run.id="stress"'
    await expect
      .poll(async () => (await search(`{${mine} && status=error}`)).length, { timeout: 30_000 })
      .toBeGreaterThan(0)
    const failed = (await search(`{${mine} && status=error}`)).at(-1)!.traceId
    const other = (await search(`{${mine}}`)).find(({ traceId }) => traceId !== failed)!.traceId
    const [slow] = (await search('{resource.otel_lab.run.id="slow"}')).sort((a, b) => b.duration - a.duration)
    const views = viewsOf({ failed, other, slow: slow!.traceId }).filter(({ name }) => wanted(name))
    for (const { name, path, ready, act } of views.filter(({ name }) => !name.startsWith('broken')))
      await shoot(name, path, ready, act)
    const broken = views.filter(({ name }) => name.startsWith('broken'))
    if (broken.length > 0) {
      await edit('otel-collector-config.yaml', 'otel-collector', (text) => text.replace('".*health.*"', '".*"'))
      await lab.run(['run', '--run-id', 'broken'])
      for (const { name, path, ready } of broken) await shoot(name, path, ready)
    }
    if (wanted('waiting')) {
      await scrapeEvery('60s')
      await lab.run(['run', '--run-id', 'waiting'])
      await shoot('waiting', '/?run=waiting', '.band-metric .said-waiting')
    }
    if (wanted('away')) {
      await lab.run(['down'])
      const path = join(lab.dir, 'configs/tempo.yaml')
      await writeFile(path, `${await readFile(path, 'utf8')}\nnonsense: true\n`)
      await lab.run(['up', '--engine', 'embedded', '--port-offset', String(lab.offset)])
      url = JSON.parse((await lab.run(['open', '--json'])).stdout).url.replace(/\/$/, '')
      await shoot('away', '/?run=normal', '.band-logs .row')
    }
  }, 900_000)

  test('every view was there, none wider than its screen', () => expect(wrong).toEqual([]))
})
