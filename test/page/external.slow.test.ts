import { spawn } from 'node:child_process'
import { createServer, request, type Server } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { resolve } from 'node:path'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { PORTS } from '../../src/engine.ts'
import { findChromium, openBrowser } from '../support/browser.ts'
import { type TestLab, testLab } from '../support/lab.ts'

const chromium = findChromium()
const SECRET = 'Bearer only-the-server-may-know'

/** A stack that somebody else runs, which wants a header and a tenant: the lab's own, behind a gate. */
describe.skipIf(!chromium)('the page of an external stack', () => {
  let real: TestLab
  let lab: TestLab
  let browser: Browser
  let page: ReturnType<typeof spawn>
  let url: string
  const gates: Server[] = []
  let turnedAway = 0

  beforeAll(async () => {
    real = await testLab()
    lab = await testLab()
    expect(await real.run(['up', '--engine', 'embedded', '--port-offset', String(real.offset)])).toMatchObject({
      code: 0,
    })
    expect((await real.run(['run', 'stress', '--run-id', 'far'])).code).toBe(1)
    const urls = await Promise.all(
      (['tempo', 'prometheus', 'loki'] as const).map((name) => gate(PORTS[name] + real.offset)),
    )
    const flags = ['tempo', 'prometheus', 'loki'].flatMap((name, i) => [`--${name}-url`, urls[i]!])
    const up = [
      'up',
      '--engine',
      'external',
      ...flags,
      '--header',
      `Authorization: ${SECRET}`,
      '--header',
      'X-Scope-OrgID: class-7',
    ]
    expect(await lab.run(up)).toMatchObject({ code: 0 })
    page = spawn(process.execPath, [resolve('dist/otel-lab.js'), 'page', '--port', '0'], {
      cwd: lab.dir,
      env: { ...process.env, OTEL_LAB_DIR: '', NO_COLOR: '1' },
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    url = await new Promise((done) => page.stdout!.once('data', (text) => done(String(text).split('\n')[0]!)))
    browser = await openBrowser(chromium!)
  }, 120_000)
  afterAll(async () => {
    await browser?.close()
    page?.kill()
    for (const server of gates) server.close()
    await lab?.close()
    await real?.close()
  })

  async function gate(port: number): Promise<string> {
    const isLetIn = (headers: NodeJS.Dict<string | string[]>) =>
      headers.authorization === SECRET && headers['x-scope-orgid'] === 'class-7'
    const server = createServer((incoming, answer) => {
      if (!isLetIn(incoming.headers)) {
        turnedAway++
        return void answer.writeHead(401).end('who are you?')
      }
      const headers = { ...incoming.headers, host: `127.0.0.1:${port}` }
      const onward = request({ port, path: incoming.url, method: incoming.method, headers }, (back) => {
        answer.writeHead(back.statusCode!, back.headers)
        back.pipe(answer)
      })
      incoming.pipe(onward)
    })
    server.on('upgrade', (incoming, socket) => {
      if (!isLetIn(incoming.headers)) return void socket.destroy()
      const onward = connect(port, '127.0.0.1', () => {
        const headers = Object.entries({ ...incoming.headers, host: `127.0.0.1:${port}` })
        onward.write(
          `GET ${incoming.url} HTTP/1.1\r\n${headers.map(([name, value]) => `${name}: ${value}`).join('\r\n')}\r\n\r\n`,
        )
        onward.pipe(socket).pipe(onward)
      })
      onward.on('error', () => socket.destroy())
      socket.on('error', () => onward.destroy())
    })
    gates.push(server)
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  }

  test('walks from trace to line, and its headers never reach the browser', async () => {
    const browserPage = await browser.newPage()
    const seen: string[] = []
    browserPage.on('request', (request) => seen.push(JSON.stringify(request.headers()) + request.url()))
    browserPage.on('response', async (response) => {
      seen.push(JSON.stringify(response.headers()))
      if (!response.url().includes('/live')) seen.push(await response.text().catch(() => ''))
    })
    browserPage.on('websocket', (socket) => {
      seen.push(socket.url())
      socket.on('framereceived', ({ payload }) => seen.push(String(payload)))
    })
    const from = Date.now() - 600_000
    const logql = encodeURIComponent('{service_instance_id="far"}')
    await browserPage.goto(`${url}/?run=far&from=${from}&to=${Date.now() + 60_000}&live=on&logql=${logql}`)
    await browserPage.click('.band-trace .row.failed')
    await browserPage.waitForSelector('.rows[role=tree] .row')
    await browserPage.click('.band-logs .row.level-error')
    await browserPage.waitForSelector('.details:has-text("Processing failed")')
    // What comes live goes through the gate too.
    await expect.poll(() => seen.some((text) => text.includes('/api/tail')), { timeout: 20_000 }).toBe(true)
    await browserPage.close()
    expect(turnedAway).toBe(0)
    expect(seen.length).toBeGreaterThan(10)
    expect(seen.filter((text) => text.includes('only-the-server') || text.includes('class-7'))).toEqual([])
  }, 60_000)

  test('lets nobody in who comes by another name or from another page, and writes nothing', async () => {
    const ask = (path: string, headers: Record<string, string>, method = 'GET') =>
      new Promise<number>((done) => {
        const { port } = new URL(url)
        request({ port, path, method, headers }, (answer) => done(answer.resume().statusCode!)).end()
      })
    expect(await ask('/api/lab', {})).toBe(200)
    expect(await ask('/api/lab', { host: 'evil.test' })).toBe(403)
    expect(await ask('/', { host: 'evil.test' })).toBe(403)
    expect(await ask('/api/tail?query=x', { origin: 'http://evil.test' })).toBe(403)
    expect(await ask('/api/runs', { 'sec-fetch-site': 'cross-site' })).toBe(403)
    for (const method of ['POST', 'PUT', 'DELETE']) expect(await ask('/api/lab', {}, method)).toBe(404)
    for (const path of ['/../package.json', '/%2e%2e/package.json', '/main.js', '/api/../../x'])
      expect([200, 404]).toContain(await ask(path, {}))
    expect(await ask('/..%2fpackage.json', {})).toBe(404)
  })
})
