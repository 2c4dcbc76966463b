import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { PORTS } from '../../src/engine.ts'
import { findChromium, openBrowser } from '../support/browser.ts'
import { type TestLab, testLab } from '../support/lab.ts'

const chromium = findChromium()
const TRACE = 'ab'.repeat(16)
const SPANS = 10_000
const LINES = 100_000
const SERIES = 500
const ROUNDS = 4

describe.skipIf(!chromium)('much of everything', () => {
  let lab: TestLab
  let browser: Browser
  let url: string
  let from: number
  const attributes = [
    { key: 'service.name', value: { stringValue: 'many' } },
    { key: 'service.instance.id', value: { stringValue: 'scale' } },
    { key: 'otel_lab.run.id', value: { stringValue: 'scale' } },
  ]
  const post = async (door: number, path: string, body: unknown) => {
    const answer = await fetch(`http://127.0.0.1:${door + lab.offset}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
    expect([answer.status, await answer.text()]).toEqual([answer.status === 204 ? 204 : 200, expect.anything()])
  }
  const nanos = (ms: number) => `${Math.round(ms)}000000`

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
    from = Date.now()
    const spans = Array.from({ length: SPANS }, (_, i) => ({
      traceId: TRACE,
      spanId: (i + 1).toString(16).padStart(16, '0'),
      ...(i === 0 ? {} : { parentSpanId: (Math.floor((i - 1) / 4) + 1).toString(16).padStart(16, '0') }),
      name: `step ${i % 50}`,
      kind: 1,
      startTimeUnixNano: nanos(from + i / 10),
      endTimeUnixNano: nanos(from + i / 10 + 1000 / (1 + i / 100) + 1),
      status: i % 997 === 3 ? { code: 2, message: 'it broke' } : {},
      attributes: [{ key: 'number', value: { intValue: String(i) } }],
    }))
    for (let i = 0; i < SPANS; i += 2_000)
      await post(PORTS.otlpHttp, '/v1/traces', {
        resourceSpans: [{ resource: { attributes }, scopeSpans: [{ spans: spans.slice(i, i + 2_000) }] }],
      })
    for (let i = 0; i < LINES; i += 5_000) {
      const values = Array.from({ length: 5_000 }, (_, j) => [
        `${from}${String((i + j) * 9).padStart(6, '0')}`,
        `line ${i + j} of many, and some words to read`,
        { level: (i + j) % 100 === 0 ? 'error' : 'info' },
      ])
      await post(PORTS.loki, '/loki/api/v1/push', {
        streams: [{ stream: { service_name: 'many', service_instance_id: 'scale' }, values }],
      })
    }
    for (let round = 1; round <= ROUNDS; round++) {
      const dataPoints = Array.from({ length: SERIES }, (_, i) => ({
        attributes: [{ key: 'n', value: { stringValue: String(i) } }],
        startTimeUnixNano: nanos(from),
        timeUnixNano: nanos(Date.now()),
        asInt: String(round * (i + 1)),
        exemplars: [{ timeUnixNano: nanos(Date.now() - i), asInt: '1', traceId: TRACE, spanId: '0000000000000001' }],
      }))
      const metric = { name: 'many', sum: { aggregationTemporality: 2, isMonotonic: true, dataPoints } }
      await post(PORTS.otlpHttp, '/v1/metrics', {
        resourceMetrics: [{ resource: { attributes }, scopeMetrics: [{ metrics: [metric] }] }],
      })
      await sleep(2_600)
    }
    url = JSON.parse((await lab.run(['open', '--json'])).stdout).url
    browser = await openBrowser(chromium!, ['--enable-precise-memory-info'])
  }, 240_000)
  afterAll(async () => {
    await browser?.close()
    await lab?.close()
  })

  /** Times between frames while `act` goes on, in milliseconds. */
  async function frames(
    page: Page,
    act: () => Promise<unknown>,
  ): Promise<{ p95: number; most: number; count: number }> {
    await page.evaluate(`void (window.frames = [], window.measuring = true, (function tick(last) {
      requestAnimationFrame((now) => { if (last) window.frames.push(now - last); if (window.measuring) tick(now) })
    })())`)
    await act()
    const all = (await page.evaluate('(window.measuring = false, window.frames)')) as number[]
    all.sort((a, b) => a - b)
    return { p95: all[Math.floor(all.length * 0.95)] ?? 0, most: all.at(-1) ?? 0, count: all.length }
  }
  const wheel = async (page: Page, selector: string) => {
    const box = (await page.locator(selector).boundingBox())!
    await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2)
    for (let i = 0; i < 60; i++) {
      await page.mouse.wheel(0, i < 40 ? 900 : -700)
      await page.waitForTimeout(16)
    }
  }
  const heap = async (page: Page) => ((await page.evaluate('performance.memory.usedJSHeapSize')) as number) / 1e6
  const open = async (search: string) => {
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } })
    await page.goto(`${url}?run=scale&from=${from - 2_000}&to=${from + 15_000}${search}`)
    return page
  }
  const rows: string[] = []
  const told = (what: string, { p95, most, count }: Awaited<ReturnType<typeof frames>>) =>
    rows.push(`${what.padEnd(34)} ${count} frames, p95 ${p95.toFixed(0)} ms, longest ${most.toFixed(0)} ms`)

  test(`${SPANS} spans scroll, fold and step through errors`, async () => {
    const page = await open(`&trace=${TRACE}`)
    await page.waitForSelector('.rows[role=tree] .row', { timeout: 20_000 })
    expect(await page.textContent('.band-trace .count')).toContain('10000 spans')
    const found = await frames(page, () => wheel(page, '.band-trace .rows'))
    told('10,000 spans, scrolled', found)
    expect(await page.locator('.band-trace .row').count()).toBeLessThan(120)
    await page.keyboard.press('e')
    await page.waitForSelector('.details .problem')
    expect(await page.textContent('.details .problem')).toBe('it broke')
    expect(found.p95).toBeLessThan(250)
    await page.close()
  }, 90_000)

  test(`${LINES} lines are loaded and scroll; a night of live lines keeps its memory`, async () => {
    const page = await open(`&logql=${encodeURIComponent('{service_name="many"}')}`)
    await page.waitForSelector('.band-logs .row')
    await page.click('.band-logs button:has-text("load all")')
    await page.waitForSelector('.band-logs .count:has-text("100,000 lines")', { timeout: 60_000 })
    const found = await frames(page, () => wheel(page, '.band-logs .rows'))
    told('100,000 lines, scrolled', found)
    expect(await page.locator('.band-logs .row').count()).toBeLessThan(120)
    expect(found.p95).toBeLessThan(250)
    const before = await heap(page)
    await page.click('.band-logs button:has-text("live")')
    await page.waitForTimeout(500)
    for (let round = 0; round < 10; round++) {
      const values = Array.from({ length: 2_000 }, (_, j) => [
        `${Date.now()}${String(j).padStart(6, '0')}`,
        `live ${round} ${j}`,
      ])
      await post(PORTS.loki, '/loki/api/v1/push', { streams: [{ stream: { service_name: 'many' }, values }] })
      await page.waitForTimeout(300)
    }
    await page.waitForSelector('.band-logs .row:has-text("live 9 ")', { timeout: 20_000 })
    expect(await page.textContent('.band-logs .count')).toContain('100,000')
    const after = await heap(page)
    rows.push(`20,000 live lines on top of 100,000   heap ${before.toFixed(0)} MB, then ${after.toFixed(0)} MB`)
    expect(after).toBeLessThan(before * 1.6 + 60)
    await page.close()
  }, 120_000)

  test('a line in the middle of them has what stood before and behind it, and after a reload too', async () => {
    const page = await open(`&logql=${encodeURIComponent('{service_name="many"} |= "line 50000 of"')}`)
    await page.click('.band-logs .row')
    await page.click('.details button:has-text("its neighbours")')
    const seen = async () => {
      await page.waitForSelector('.band-logs .count:has-text("1,000 lines around it")', { timeout: 30_000 })
      await page.waitForSelector('.band-logs .row.active:has-text("line 50000 of")')
      await page.waitForSelector('.band-logs .row:has-text("line 49999 of")')
    }
    await seen()
    await page.reload()
    await seen()
    // On from line to line, among the same ones; Esc leads back to the newest.
    await page.focus('.band-logs .rows')
    await page.keyboard.press('ArrowUp')
    await page.waitForSelector('.band-logs .row.active:has-text("line 49999 of")')
    await page.waitForSelector('.details:has-text("line 49999 of")')
    await page.keyboard.press('Escape')
    await page.waitForSelector('.band-logs .count:has-text("1,000+ lines")')
    await page.close()
  }, 90_000)

  test(`${SERIES} series and their exemplars are drawn, all of them`, async () => {
    const page = await open(`&promql=${encodeURIComponent('many_total{instance="scale"}')}`)
    await page.waitForSelector('.dot-button:not([aria-label^="0 "])', { timeout: 20_000 })
    const asked = `/api/metrics/exemplars?query=${encodeURIComponent('many_total{instance="scale"}')}&start=${from - 2_000}&end=${from + 15_000}`
    const exemplars = ((await (await fetch(`${url.replace(/\/$/, '')}${asked}`)).json()) as unknown[]).length
    expect(exemplars).toBeGreaterThanOrEqual(SERIES * (ROUNDS - 1))
    expect(await page.getAttribute('.dot-button', 'aria-label')).toContain(`${exemplars} exemplars`)
    const box = (await page.locator('.chart').boundingBox())!
    const found = await frames(page, async () => {
      for (let i = 0; i < 40; i++) {
        await page.mouse.move(box.x + 300 + i * 20, box.y + 40 + (i % 5) * 20)
        await page.waitForTimeout(16)
      }
    })
    told(`${SERIES} series, ${exemplars} exemplars, hovered`, found)
    const zoom = await frames(page, async () => {
      await page.mouse.move(box.x + 400, box.y + 60)
      await page.mouse.down()
      await page.mouse.move(box.x + 700, box.y + 60, { steps: 12 })
      await page.mouse.up()
      await page.waitForTimeout(800)
    })
    told(`${SERIES} series, zoomed`, zoom)
    console.log(rows.join('\n'))
    await page.close()
  }, 90_000)
})
