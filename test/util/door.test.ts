import { expect, test } from 'vitest'
import { namedHosts, refusalAtDoor } from '../../src/util/door.ts'

const hosts = ['tempo', ...namedHosts({ OTEL_LAB_ALLOW_HOSTS: 'https://Name-3000.app.github.dev/, *.tunnel.example' })]
const asked = (headers: object, method = 'GET') => refusalAtDoor(method, headers, { hosts }) ?? 'in'

test.each([
  '127.0.0.1:3200',
  'localhost:9090',
  'LOCALHOST',
  'lab.localhost:3000',
  '[::1]:3100',
  '127.8.9.1',
  'tempo:3200',
  'host.docker.internal:4318',
  'name-3000.app.github.dev',
  'a.b.tunnel.example:443',
])('a request for %s is let in', (host) => {
  expect(asked({ host })).toBe('in')
  expect(asked({ host, origin: `http://${host}` }, 'POST')).toBe('in')
})

test.each([
  'evil.test:9090',
  '127.0.0.1.evil.test',
  'localhost.evil.test',
  '127.0.0.1:80:evil.test',
  'localhost@evil.test',
  'tempo.evil.test',
  'tunnel.example.evil.test',
  'nottunnel.example',
  '192.168.1.7:3000',
  '0.0.0.0:3100',
])('a request for %s is refused, and so is its origin', (host) => {
  expect(asked({ host })).toContain('is not this machine')
  expect(asked({ host: '127.0.0.1', origin: `http://${host}` })).toContain('is foreign')
})

test('a program without Origin is let in, a foreign page is not, however it asks', () => {
  const host = '127.0.0.1:3100'
  expect(asked({})).toBe('in')
  expect(asked({ host }, 'POST')).toBe('in')
  expect(asked({ host, 'sec-fetch-site': 'none', 'sec-fetch-mode': 'navigate' })).toBe('in')
  expect(asked({ host, origin: 'http://localhost:3000', 'sec-fetch-site': 'same-site' }, 'POST')).toBe('in')
  for (const origin of [
    'null',
    '',
    'file://',
    'chrome-extension://x',
    'http://localhost/../evil',
    'http://a@localhost',
  ])
    expect(asked({ host, origin })).toContain('is foreign')
  expect(asked({ host, 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors' })).toContain('another machine')
})

test('only the page may be linked to, and a config may let an origin in', () => {
  const link = { host: 'localhost:3000', 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' }
  const rules = { hosts: [], links: true }
  expect(refusalAtDoor('GET', { ...link, 'sec-fetch-dest': 'document' }, { hosts: [] })).toContain('type its address')
  expect(refusalAtDoor('GET', { ...link, 'sec-fetch-dest': 'document' }, rules)).toBeUndefined()
  expect(refusalAtDoor('GET', { ...link, 'sec-fetch-dest': 'iframe' }, rules)).toContain('another machine')
  const app = { host: 'localhost:4318', origin: 'https://app.example', 'sec-fetch-site': 'cross-site' }
  const allowOrigin = (origin: string) => origin === 'https://app.example'
  expect(refusalAtDoor('POST', app, { hosts: [], allowOrigin })).toBeUndefined()
  expect(refusalAtDoor('POST', { ...app, host: 'evil.test' }, { hosts: [], allowOrigin })).toContain('OTEL_LAB_ALLOW')
})
