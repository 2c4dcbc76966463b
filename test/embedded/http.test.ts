import { gzipSync } from 'node:zlib'
import { Hono } from 'hono'
import { expect, test } from 'vitest'
import { createInflate } from '../../src/embedded/compression.ts'
import { answerRefusalsAsText, formOrQuery, readBody, serveHttp } from '../../src/embedded/http.ts'

function echo() {
  const app = new Hono()
  answerRefusalsAsText(app)
  app.post('/echo', async (c) => {
    const body = await readBody(c.req.raw, {
      limitBytes: 1000,
      maxInflatedBytes: 5000,
      inflate: createInflate(64 << 20),
    })
    return c.text(new TextDecoder().decode(body))
  })
  app.on(['GET', 'POST'], '/form', async (c) => c.text((await formOrQuery(c)).toString()))
  app.get('/forever', () => new Response(new ReadableStream({ start: (s) => s.enqueue(new Uint8Array(1)) })))
  return serveHttp(app, { port: 0, doors: { hosts: [] } })
}

test('bodies are inflated, bounded, and refused with a reason', async () => {
  const server = await echo()
  const url = `http://127.0.0.1:${server.port}/echo`
  const post = async (
    body: NonNullable<RequestInit['body']>,
    headers: Record<string, string> = {},
    more: object = {},
  ) => {
    const answer = await fetch(url, { method: 'POST', body, headers, ...more })
    return [answer.status, await answer.text()]
  }
  expect(await post('hello')).toEqual([200, 'hello'])
  expect(await post(gzipSync('hello'), { 'content-encoding': 'gzip' })).toEqual([200, 'hello'])
  expect((await post('x'.repeat(1001)))[0]).toBe(413)
  expect((await post(gzipSync('x'.repeat(5001)), { 'content-encoding': 'gzip' }))[0]).toBe(413)
  expect((await post('nonsense', { 'content-encoding': 'gzip' }))[0]).toBe(400)
  expect((await post('x', { 'content-encoding': 'br' }))[0]).toBe(415)
  const stream = new ReadableStream({ pull: (s) => s.enqueue(new Uint8Array(600)) }, { highWaterMark: 0 })
  const endless = await post(stream, {}, { duplex: 'half' }).catch(() => [413])
  expect(endless[0]).toBe(413)
  await server.close()
})

test('form and query are merged', async () => {
  const server = await echo()
  const url = `http://127.0.0.1:${server.port}/form?match[]=up&a=1`
  expect(await (await fetch(url)).text()).toBe('match%5B%5D=up&a=1')
  const posted = await fetch(url, { method: 'POST', body: new URLSearchParams({ a: '2' }) })
  expect(await posted.text()).toBe('a=2&match%5B%5D=up&a=1')
  await server.close()
})

test('a taken port is named; close ends streams that never end', async () => {
  const server = await echo()
  await expect(serveHttp(new Hono(), { port: server.port, doors: { hosts: [] } })).rejects.toMatchObject({
    code: 'port-taken',
  })
  const streaming = await fetch(`http://127.0.0.1:${server.port}/forever`)
  const reading = streaming.arrayBuffer().catch(() => 'ended')
  await server.close()
  expect(await reading).toBe('ended')
})
