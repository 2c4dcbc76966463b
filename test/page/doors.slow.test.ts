import { readFile, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { PORTS } from '../../src/engine.ts'
import { findChromium, openBrowser } from '../support/browser.ts'
import { type TestLab, testLab } from '../support/lab.ts'

const chromium = findChromium()

/** Door by purpose, and a path behind it that answers. */
const DOORS = {
  otlpHttp: '/v1/logs',
  collectorMetrics: '/metrics',
  collectorTelemetry: '/metrics',
  collectorHealth: '/',
  tempo: '/api/search?q={}',
  prometheus: '/api/v1/query?query=up',
  loki: '/loki/api/v1/labels',
} as const

describe.skipIf(!chromium)('a page on http://evil.test', () => {
  let lab: TestLab
  let web: Server
  let browser: Browser
  let evil: Page

  beforeAll(async () => {
    lab = await testLab()
    expect(await lab.run(['up', '--engine', 'embedded', '--port-offset', String(lab.offset)])).toMatchObject({
      code: 0,
    })
    web = createServer((_, answer) => answer.setHeader('content-type', 'text/html').end('<h1>evil</h1>'))
    await new Promise<void>((done) => web.listen(0, '127.0.0.1', done))
    const { port } = web.address() as AddressInfo
    browser = await openBrowser(chromium!, ['--host-resolver-rules=MAP evil.test 127.0.0.1, MAP good.test 127.0.0.1'])
    evil = await browser.newPage()
    await evil.goto(`http://evil.test:${port}/`)
  }, 90_000)
  afterAll(async () => {
    await browser?.close()
    web?.close()
    await lab?.close()
  })

  const at = (door: keyof typeof DOORS, host = '127.0.0.1') => `http://${host}:${PORTS[door] + lab.offset}`

  /** Each way in as the page sees it; what the door itself said is asked for by Chromium's own network events. */
  async function statusOf(act: () => Promise<unknown>, url: string): Promise<number | 'blocked'> {
    const seen = new Promise<number | 'blocked'>((done) => {
      const timer = setTimeout(() => done('blocked'), 3_000)
      evil.context().on('response', function once(response) {
        if (!response.url().startsWith(url)) return
        evil.context().off('response', once)
        clearTimeout(timer)
        done(response.status())
      })
    })
    await act().catch(() => {})
    return seen
  }

  test('is refused at every door, whichever way it tries', async () => {
    const rows: string[] = []
    for (const [name, path] of Object.entries(DOORS)) {
      const door = name as keyof typeof DOORS
      const url = at(door) + path
      const ways: Record<string, () => Promise<unknown>> = {
        'fetch no-cors': () => evil.evaluate((u) => fetch(u, { mode: 'no-cors' }), url),
        'text/plain POST': () =>
          evil.evaluate((u) => fetch(u, { mode: 'no-cors', method: 'POST', body: '{"streams":[]}' }), url),
        frame: () =>
          evil.evaluate(`document.body.append(Object.assign(document.createElement('iframe'), { src: '${url}' }))`),
      }
      for (const [way, act] of Object.entries(ways)) {
        const status = await statusOf(act, at(door))
        rows.push(`${name.padEnd(20)} ${way.padEnd(16)} ${status === 403 ? 'refused' : `LET IN (${status})`}`)
      }
      const read = await evil.evaluate(
        (u) =>
          fetch(u).then(
            (a) => a.text(),
            () => undefined,
          ),
        url,
      )
      rows.push(`${name.padEnd(20)} ${'fetch and read'.padEnd(16)} ${read === undefined ? 'refused' : `READ ${read}`}`)

      const form = await browser.newPage()
      await form.goto(evil.url())
      const submitted = form.waitForResponse((response) => response.url().startsWith(at(door)))
      await form.setContent(
        `<form method=post enctype=text/plain action="${url}"><input name=a value=b><button>win a prize</button></form>`,
      )
      await form.click('button')
      rows.push(`${name.padEnd(20)} ${'form'.padEnd(16)} ${(await submitted).status() === 403 ? 'refused' : 'LET IN'}`)
      await form.close()

      const rebound = await browser.newPage()
      const answer = await rebound.goto(at(door, 'evil.test') + path)
      const said = await answer!.text()
      rows.push(`${name.padEnd(20)} ${'rebinding'.padEnd(16)} ${answer!.status() === 403 ? 'refused' : `READ ${said}`}`)
      expect(said).toContain('Host evil.test')
      await rebound.close()
    }
    const tail = `${at('loki').replace('http', 'ws')}/loki/api/v1/tail?query=${encodeURIComponent('{a=~".+"}')}`
    for (const url of [tail, tail.replace('127.0.0.1', 'evil.test')]) {
      const opened = await evil.evaluate(
        (u) =>
          new Promise<boolean>((done) => {
            const socket = new WebSocket(u)
            socket.onopen = () => done(true)
            socket.onerror = () => done(false)
          }),
        url,
      )
      rows.push(`${'loki'.padEnd(20)} ${'WebSocket /tail'.padEnd(16)} ${opened ? 'LET IN' : 'refused'}`)
    }
    console.log(rows.join('\n'))
    expect(rows.filter((row) => !row.endsWith(' refused'))).toEqual([])
    expect(rows.length).toBe(Object.keys(DOORS).length * 6 + 2)
  }, 120_000)

  test('curl, an SDK, Grafana and the lab itself get in; so does an origin that cors names, and no other', async () => {
    const get = async (url: string, headers: Record<string, string> = {}) => (await fetch(url, { headers })).status
    for (const [name, path] of Object.entries(DOORS)) {
      const status = await get(at(name as keyof typeof DOORS) + path)
      expect([name, status]).toEqual([name, name === 'otlpHttp' ? 405 : 200])
    }
    const grafana = {
      origin: 'http://localhost:3000',
      referer: 'http://localhost:3000/explore',
      'x-grafana-org-id': '1',
    }
    expect(await get(at('loki') + DOORS.loki, grafana)).toBe(200)

    const config = join(lab.dir, 'configs/otel-collector-config.yaml')
    const text = await readFile(config, 'utf8')
    const cors = '        cors:\n          allowed_origins: ["http://good.*"]\n          allowed_headers: ["*"]\n'
    await writeFile(
      config,
      text.replace('        endpoint: 0.0.0.0:4318\n', (line) => `${line}${cors}`),
    )
    expect(await lab.run(['restart', 'otel-collector'])).toMatchObject({ code: 0 })
    const send = (page: Page) =>
      page.evaluate(
        (u) =>
          fetch(u, {
            method: 'POST',
            headers: { 'content-type': 'application/json' },
            body: '{"resourceLogs":[]}',
          }).then(
            (answer) => answer.text(),
            () => 'refused',
          ),
        `${at('otlpHttp')}/v1/logs`,
      )
    const good = await browser.newPage()
    await good.goto(evil.url().replace('evil', 'good'))
    expect(JSON.parse(await send(good))).toEqual({ partialSuccess: {} })
    expect(await send(evil)).toBe('refused')
  }, 60_000)
})
