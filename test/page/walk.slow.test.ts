import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { findChromium, openBrowser } from '../support/browser.ts'
import { type TestLab, testLab } from '../support/lab.ts'

const chromium = findChromium()
/** Where to keep the pictures, for whoever wants to look at them. */
const SHOTS = process.env.OTEL_LAB_SHOTS

describe.skipIf(!chromium)('the walk', () => {
  let lab: TestLab
  let browser: Browser
  let url: string
  const asked = new Set<string>()

  beforeAll(async () => {
    lab = await testLab()
    const up = ['up', '--engine', 'embedded', '--port-offset', String(lab.offset)]
    expect(await lab.run(up)).toMatchObject({ code: 0 })
    const config = join(lab.dir, 'configs/prometheus.yml')
    await writeFile(
      config,
      (await readFile(config, 'utf8')).replaceAll(/scrape_(interval|timeout): \w+/g, 'scrape_$1: 1s'),
    )
    expect(await lab.run(['restart', 'prometheus'])).toMatchObject({ code: 0 })
    await Promise.all([
      lab.run(['run', 'stress', '--run-id', 'walk-stress']),
      lab.run(['run', 'slow', '--run-id', 'walk-slow']),
    ])
    url = JSON.parse((await lab.run(['open', '--json'])).stdout).url
    browser = await openBrowser(chromium!)
  }, 120_000)
  afterAll(async () => {
    await browser?.close()
    await lab?.close()
  })

  async function open(path: string, width = 1440, colorScheme: 'light' | 'dark' = 'light'): Promise<Page> {
    const page = await browser.newPage({ viewport: { width, height: 900 }, colorScheme })
    page.on('request', (request) => asked.add(new URL(request.url()).host))
    page.on('pageerror', (error) => expect.fail(`the page broke: ${error.message}`))
    page.on('console', (message) => message.type() === 'error' && expect.fail(message.text()))
    await page.goto(url + path)
    return page
  }
  const shot = async (page: Page, name: string) => {
    if (!SHOTS) return
    await mkdir(SHOTS, { recursive: true })
    await page.screenshot({ path: join(SHOTS, `${name}.png`) })
  }
  /** Where the first dot is: the button for keys stands on it. */
  async function dotOf(page: Page): Promise<{ x: number; y: number }> {
    await page.waitForSelector('.dot-button:not([aria-label^="0 "])', { timeout: 20_000 })
    await page.focus('.dot-button')
    const box = (await page.locator('.dot-button').boundingBox())!
    return { x: box.x + box.width / 2, y: box.y + box.height / 2 }
  }
  /** Milliseconds from the click to the frame that shows `selector`. */
  async function clickUntil(page: Page, at: { x: number; y: number }, selector: string): Promise<number> {
    await page.evaluate(`void (window.shown = new Promise((done) => addEventListener('click', ({ timeStamp }) => {
      const look = () => document.querySelector(${JSON.stringify(selector)})
        ? requestAnimationFrame(() => done(performance.now() - timeStamp))
        : requestAnimationFrame(look)
      look()
    }, { once: true, capture: true })))`)
    await page.mouse.click(at.x, at.y)
    return page.evaluate('window.shown') as Promise<number>
  }

  test.each([
    ['stress', 'error'],
    ['slow', 'info'],
  ])(
    '%s: dot, waterfall, line in two clicks, and Esc goes back; every state survives a reload',
    async (kind, level) => {
      const page = await open('/')
      await page.click('.run-picker > button')
      await page.click(`.run-list .run:has-text("run ${kind}")`)
      await page.waitForSelector(`.band-trace .row`)
      const dot = await dotOf(page)
      await shot(page, `${kind}-overview`)

      const toTrace = await clickUntil(page, dot, '.rows[role=tree] .row')
      await page.waitForSelector(`.band-logs .row.level-${level}`)
      const traceUrl = page.url()
      expect(traceUrl).toMatch(/run=walk-\w+&trace=[0-9a-f]{32}/)
      await shot(page, `${kind}-trace`)
      const row = (await page.locator(`.band-logs .row.level-${level}`).last().boundingBox())!
      const toLine = await clickUntil(page, { x: row.x + 400, y: row.y + 10 }, '.details .overline')
      console.log(`${kind}: dot to waterfall ${toTrace.toFixed(0)} ms, line to its details ${toLine.toFixed(0)} ms`)
      if (kind === 'stress') expect(await page.textContent('.details')).toContain('Processing failed')
      await shot(page, `${kind}-line`)

      const state = await page.evaluate(`[location.search, document.querySelector('.band-logs .active')?.id]`)
      await page.reload()
      await page.waitForSelector('.details .overline')
      expect(await page.evaluate(`[location.search, document.querySelector('.band-logs .active')?.id]`)).toEqual(state)

      await page.keyboard.press('Escape')
      await page.keyboard.press('Escape')
      await page.waitForSelector('.details', { state: 'detached' })
      await page.keyboard.press('Escape')
      await page.waitForSelector('.band-trace .rows[role=listbox]')
      expect(page.url()).not.toContain('trace=')
      // It is fast where two cores are ours: 100 ms is the aim, and a bound far above it says that something broke.
      expect(Math.max(toTrace, toLine)).toBeLessThan(1000)
      await page.close()
    },
    60_000,
  )

  test('nothing is asked of anybody but this machine', () => {
    expect([...asked]).toEqual([new URL(url).host])
    expect(new URL(url).hostname).toBe('127.0.0.1')
  })
})
