import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { loginFor, registryOf } from '../../../src/engine/docker/login.ts'

let dir: string
let env: Record<string, string>
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'otel-lab-login-'))
  env = { DOCKER_CONFIG: dir, PATH: `${dir}${delimiter}${process.env.PATH}` }
})
afterEach(() => rm(dir, { recursive: true, force: true }))

const config = (value: object) => writeFile(join(dir, 'config.json'), JSON.stringify(value))
const basic = (text: string) => Buffer.from(text).toString('base64')

async function helper(name: string, script: string): Promise<void> {
  const path = join(dir, `docker-credential-${name}`)
  await writeFile(path, `#!${process.execPath}\n${script}`)
  await chmod(path, 0o755)
}

test('the registry of a name', () => {
  expect(registryOf('grafana/tempo:3.0.3')).toBe('https://index.docker.io/v1/')
  expect(registryOf('ghcr.io/open-telemetry/x:1')).toBe('ghcr.io')
  expect(registryOf('localhost/x')).toBe('localhost')
  expect(registryOf('127.0.0.1:5000/x')).toBe('127.0.0.1:5000')
})

test('without a login there is none', async () => {
  expect(await loginFor('grafana/tempo:3', env)).toEqual({})
  await config({ auths: { 'ghcr.io': { auth: basic('a:b') } } })
  expect(await loginFor('grafana/tempo:3', env)).toEqual({})
})

test('the file, whose servers may be written as URLs', async () => {
  await config({
    auths: { 'https://index.docker.io/v1/': { auth: basic('me:p:w') }, 'https://ghcr.io': { identitytoken: 't' } },
  })
  const serveraddress = 'https://index.docker.io/v1/'
  expect(await loginFor('grafana/tempo:3', env)).toEqual({ auth: { username: 'me', password: 'p:w', serveraddress } })
  expect(await loginFor('ghcr.io/a/b', env)).toEqual({ auth: { identitytoken: 't', serveraddress: 'ghcr.io' } })
})

test('the helper of a registry, else the store, each asked by name', async () => {
  const says = (user: string) =>
    `let server = ''; process.stdin.on('data', (c) => (server += c)).on('end', () => console.log(JSON.stringify({ Username: '${user}', Secret: server.trim() })))`
  await helper('store', says('<token>'))
  await helper('own', says('me'))
  await config({ credsStore: 'store', credHelpers: { 'ghcr.io': 'own' } })
  expect(await loginFor('ghcr.io/a/b', env)).toEqual({
    auth: { username: 'me', password: 'ghcr.io', serveraddress: 'ghcr.io' },
  })
  const hub = 'https://index.docker.io/v1/'
  expect(await loginFor('grafana/tempo', env)).toEqual({ auth: { identitytoken: hub, serveraddress: hub } })
})

test('a helper that knows nothing is no problem; one that fails is told', async () => {
  await helper('empty', "console.log('credentials not found in native keychain'); process.exit(1)")
  await config({ credsStore: 'empty' })
  expect(await loginFor('grafana/tempo', env)).toEqual({})
  await helper('broken', "console.log('the keychain is locked'); process.exit(1)")
  await config({ credsStore: 'broken' })
  expect(await loginFor('grafana/tempo', env)).toEqual({ problem: expect.stringContaining('the keychain is locked') })
  await config({ credsStore: 'nowhere' })
  expect(await loginFor('grafana/tempo', env)).toEqual({
    problem: expect.stringContaining('docker-credential-nowhere'),
  })
  await writeFile(join(dir, 'config.json'), '{')
  expect(await loginFor('grafana/tempo', env)).toEqual({
    problem: expect.stringContaining('config.json cannot be read'),
  })
})
