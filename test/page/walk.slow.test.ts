import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import axe from 'axe-core'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { findChromium, openBrowser } from '../support/browser.ts'
import { type TestLab, testLab } from '../support/lab.ts'

const chromium = findChromium()
/** Chromium says so of a query that a backend refuses. */
const REFUSED = /status of 400/
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
    page.on(
      'console',
      (message) => message.type() === 'error' && !REFUSED.test(message.text()) && expect.fail(message.text()),
    )
    await page.addInitScript(`window.shift = 0; new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.shift += entry.value
    }).observe({ type: 'layout-shift', buffered: true })`)
    await page.goto(url.replace(/\/$/, '') + path)
    return page
  }
  const shot = async (page: Page, name: string) => {
    if (!SHOTS) return
    await mkdir(SHOTS, { recursive: true })
    await page.screenshot({ path: join(SHOTS, `${name}.png`) })
  }
  /** Where the first dot is: the button for keys stands on it. */
  async function dotOf(page: Page): Promise<{ x: number; y: number }> {
    await page.waitForSelector('.dot-button:not([aria-label^="0 "])', { timeout: 60_000 })
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
      // Nothing moves while data comes in; 0.1 counts as good.
      expect(await page.evaluate('window.shift')).toBeLessThan(0.02)

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
      expect(Math.max(toTrace, toLine)).toBeLessThan(5000)
      await page.close()
    },
    180_000,
  )

  test('the first view asks for no more than the budget says', async () => {
    const { budget } = (await import('../../esbuild.page.mjs' as string)) as { budget: { first: number } }
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } })
    const files: string[] = []
    page.on('request', (request) => {
      const { pathname } = new URL(request.url())
      if (!pathname.startsWith('/api/')) files.push(pathname === '/' ? '/index.html' : pathname)
    })
    await page.goto(`${url}?run=walk-stress`)
    await page.waitForSelector('.dot-button:not([aria-label^="0 "])', { timeout: 60_000 })
    const sizes = await Promise.all(
      [...new Set(files)].map(async (file) => gzipSync(await readFile(join('dist/page', file)), { level: 9 }).length),
    )
    expect(sizes.length).toBeGreaterThan(3)
    expect(sizes.reduce((a, b) => a + b)).toBeLessThanOrEqual(budget.first)
    await page.close()
  }, 180_000)

  test('axe finds no violation, light and dark, wide and narrow', async () => {
    const trace = `/?run=walk-stress&trace=${await failedTrace()}`
    for (const [path, width, scheme] of [
      ['/?run=walk-stress&exercise=3', 1440, 'light'],
      [trace, 1440, 'dark'],
      [trace, 360, 'light'],
      ['/topology', 1440, 'light'],
      ['/topology', 1440, 'dark'],
    ] as const) {
      const page = await open(path, width, scheme)
      await page.waitForSelector(path === '/topology' ? '.pipeline' : '.band-logs .row', { timeout: 60_000 })
      await page.waitForTimeout(300)
      await page.evaluate(axe.source)
      const found = (await page.evaluate(`axe.run().then(({ violations }) => violations.map(({ id, nodes }) =>
        id + ': ' + nodes.slice(0, 3).map(({ html, failureSummary }) => html.slice(0, 160) + ' | ' + failureSummary).join(' ;; ')))`)) as string[]
      expect([path, width, scheme, ...found]).toEqual([path, width, scheme])
      await page.close()
    }
  }, 240_000)

  test('the walk goes by keyboard alone', async () => {
    const page = await open('/?run=walk-stress')
    await page.waitForSelector('.dot-button:not([aria-label^="0 "])', { timeout: 60_000 })
    const focused = () =>
      page.evaluate('document.activeElement.className + " " + document.activeElement.ariaLabel') as Promise<string>
    const tabTo = async (what: string) => {
      for (let i = 0; i < 40 && !(await focused()).includes(what); i++) await page.keyboard.press('Tab')
      expect(await focused()).toContain(what)
    }
    await tabTo('dot-button')
    await page.keyboard.press('ArrowRight')
    await page.keyboard.press('Enter')
    await page.waitForSelector('.rows[role=tree] .row')
    await tabTo('spans of trace')
    await page.keyboard.press('e')
    await page.waitForSelector('.details .problem')
    await page.keyboard.press('ArrowDown')
    await tabTo('log lines')
    await page.keyboard.press('End')
    await page.waitForSelector('.details .level-error')
    for (let i = 0; i < 3; i++) await page.keyboard.press('Escape')
    await page.waitForSelector('.band-trace .rows[role=listbox]')
    await page.keyboard.press('r')
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Enter')
    await page.waitForSelector('.run-list', { state: 'detached' })
    await page.close()
  }, 180_000)

  test('a query is written with completion, and a refusal has its caret', async () => {
    const page = await open('/?run=walk-stress')
    await page.waitForSelector('.band-trace .row')
    await page.click('.band-metric .query-text')
    await page.waitForSelector('.editor >> .cm-content')
    await page.keyboard.press('ControlOrMeta+a')
    await page.keyboard.type('rate(neuro_files_fa')
    await page.waitForSelector('.editor >> .cm-completionLabel:has-text("neuro_files_failed_total")')
    // A list that has just come up does not take an Enter that was meant for the query.
    await page.waitForTimeout(500)
    await page.keyboard.press('Enter')
    await page.keyboard.type('[5m]')
    await shot(page, 'editor')
    await page.keyboard.press('Enter')
    await page.waitForSelector('.band-metric .caret')
    const said = await page.textContent('.band-metric .caret')
    expect(said).toContain('rate(neuro_files_failed_total[5m]')
    expect(said).toMatch(/\^+invalid .*parse error/)
    await shot(page, 'caret')
    await page.close()
  }, 180_000)

  async function failedTrace(): Promise<string> {
    const asked = new URLSearchParams({
      query: '{resource.otel_lab.run.id="walk-stress" && status=error}',
      start: String(Date.now() - 3_600_000),
      end: String(Date.now()),
    })
    const { traces } = (await (await fetch(`${url.replace(/\/$/, '')}/api/traces?${asked}`)).json()) as {
      traces: { traceId: string }[]
    }
    return traces.at(-1)!.traceId
  }

  test('nothing is asked of anybody but this machine', () => {
    expect([...asked]).toEqual([new URL(url).host])
    expect(new URL(url).hostname).toBe('127.0.0.1')
  })
})
