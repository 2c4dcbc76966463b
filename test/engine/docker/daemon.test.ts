import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { promisify } from 'node:util'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { daemonAddresses } from '../../../src/engine/docker/daemon/addresses.ts'
import { findDaemon } from '../../../src/engine/docker/daemon.ts'

let home: string
let servers: { close(): void }[]
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'otel-lab-home-'))
  servers = []
})
afterEach(async () => {
  for (const server of servers) server.close()
  await rm(home, { recursive: true, force: true })
})

const hosts = (env: Record<string, string>, platform: NodeJS.Platform = 'linux') =>
  daemonAddresses(env, home, platform).map(({ host }) => host)

async function writeContext(name: string, endpoint: object): Promise<void> {
  const id = createHash('sha256').update(name).digest('hex')
  const dir = join(home, '.docker/contexts/meta', id)
  await mkdir(dir, { recursive: true })
  await writeFile(join(dir, 'meta.json'), JSON.stringify({ Name: name, Endpoints: { docker: endpoint } }))
}

/** What of a daemon is asked when it is looked for. */
function answerPing(server: Server): Server {
  server.on('request', (request, answer) => {
    answer.statusCode = request.url === '/_ping' ? 200 : 404
    answer.end('OK')
  })
  servers.push(server)
  return server
}

async function daemonAt(path: string): Promise<void> {
  await new Promise<void>((done) => answerPing(createServer()).listen(path, done))
}

describe('where it is looked for', () => {
  test('DOCKER_HOST is the only one, with or without a scheme', async () => {
    await writeContext('other', { Host: 'unix:///other.sock' })
    expect(hosts({ DOCKER_HOST: 'unix:///some.sock', DOCKER_CONTEXT: 'other' })).toEqual(['unix:///some.sock'])
    expect(hosts({ DOCKER_HOST: '10.0.0.1:2375' })).toEqual(['tcp://10.0.0.1:2375'])
    expect(daemonAddresses({ DOCKER_HOST: 'tcp://x:2376', DOCKER_TLS_VERIFY: '1' }, home, 'linux')).toEqual([
      { host: 'tcp://x:2376', from: 'DOCKER_HOST', certs: join(home, '.docker'), verify: true },
    ])
  })

  test('then the context: of DOCKER_CONTEXT, else of config.json', async () => {
    await writeContext('colima', { Host: 'unix:///colima.sock' })
    await writeContext('remote', { Host: 'ssh://me@there', SkipTLSVerify: false })
    await writeFile(join(home, '.docker/config.json'), '{"currentContext": "colima"}')
    expect(hosts({})).toEqual(['unix:///colima.sock'])
    expect(hosts({ DOCKER_CONTEXT: 'remote' })).toEqual(['ssh://me@there'])
    expect(() => hosts({ DOCKER_CONTEXT: 'gone' })).toThrow(expect.objectContaining({ code: 'no-context' }))
    expect(hosts({ DOCKER_CONTEXT: 'default' })[0]).toBe('unix:///var/run/docker.sock')
  })

  test('then the usual sockets: rootless, Desktop, Colima, Podman', () => {
    const all = hosts({ XDG_RUNTIME_DIR: '/run/user/1' })
    expect(all[0]).toBe('unix:///var/run/docker.sock')
    for (const path of [
      '/run/user/1/docker.sock',
      join(home, '.docker/run/docker.sock'),
      join(home, '.docker/desktop/docker.sock'),
      join(home, '.colima/default/docker.sock'),
      '/run/user/1/podman/podman.sock',
      '/run/podman/podman.sock',
    ]) {
      expect(all).toContain(`unix://${path}`)
    }
    expect(hosts({}, 'win32')[0]).toBe('npipe:////./pipe/docker_engine')
  })
})

describe('who answers', () => {
  test('a socket, which is found although another is dead', async () => {
    await mkdir(join(home, '.docker/run'), { recursive: true })
    await daemonAt(join(home, '.docker/run/docker.sock'))
    const env = { DOCKER_HOST: `unix://${join(home, '.docker/run/docker.sock')}` }
    expect((await findDaemon(env)).host).toBe(env.DOCKER_HOST)
  })

  test('none: all that were tried are told, with why', async () => {
    await writeFile(join(home, 'file.sock'), '')
    await expect(findDaemon({ DOCKER_HOST: `unix://${join(home, 'none.sock')}` })).rejects.toMatchObject({
      code: 'no-daemon',
      message: expect.stringContaining('none.sock (DOCKER_HOST): not there'),
      hint: expect.stringContaining('otel-lab up --engine embedded'),
    })
    await expect(findDaemon({ DOCKER_HOST: `unix://${join(home, 'file.sock')}` })).rejects.toMatchObject({
      message: expect.stringContaining('nothing listens'),
    })
  })

  test('one that hangs is given up', async () => {
    const silent = createServer(() => {})
    servers.push({ close: () => void silent.closeAllConnections() })
    await new Promise<void>((done) => silent.listen(join(home, 'd.sock'), done))
    const env = { DOCKER_HOST: `unix://${join(home, 'd.sock')}` }
    await expect(findDaemon(env, { pingMs: 50 })).rejects.toMatchObject({
      message: expect.stringContaining('no answer within 0.05 s'),
    })
    silent.close()
  })

  test('over TLS, by the certificates of the folder, and only the right daemon', async () => {
    const run = promisify(execFile)
    const at = (name: string) => join(home, name)
    const common = ['-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '1']
    await run('openssl', [
      ...['req', ...common, '-subj', '/CN=localhost', '-addext', 'subjectAltName=IP:127.0.0.1'],
      ...['-keyout', at('key.pem'), '-out', at('cert.pem')],
    ])
    await writeFile(at('ca.pem'), await readFile(at('cert.pem')))
    const pem = { key: await readFile(at('key.pem')), cert: await readFile(at('cert.pem')) }
    const server = createTlsServer({ ...pem, ca: pem.cert, requestCert: true, rejectUnauthorized: true })
    answerPing(server as unknown as Server)
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', () => done()))
    const { port } = server.address() as AddressInfo
    const env = { DOCKER_HOST: `tcp://127.0.0.1:${port}`, DOCKER_TLS_VERIFY: '1', DOCKER_CERT_PATH: home }
    const daemon = await findDaemon(env)
    expect(daemon.host).toBe(env.DOCKER_HOST)
    daemon.close()
    await expect(findDaemon({ ...env, DOCKER_CERT_PATH: join(home, 'none') })).rejects.toMatchObject({
      code: 'no-daemon',
    })
    server.closeAllConnections()
  })

  test('over ssh, by the ssh of the user', async () => {
    await daemonAt(join(home, 'far.sock'))
    // As `ssh HOST docker system dial-stdio` would: stdin and stdout are the socket's.
    await writeFile(
      join(home, 'ssh'),
      `#!${process.execPath}
if (process.argv.slice(2).join(' ') !== '-l me -p 2222 -o ConnectTimeout=10 -o BatchMode=yes -- there docker system dial-stdio') {
  console.error('unexpected: ' + process.argv.join(' ')); process.exit(255)
}
const socket = require('net').connect(${JSON.stringify(join(home, 'far.sock'))})
process.stdin.pipe(socket).pipe(process.stdout)
`,
    )
    await chmod(join(home, 'ssh'), 0o755)
    const path = process.env.PATH
    process.env.PATH = `${home}${delimiter}${path}`
    try {
      const daemon = await findDaemon({ DOCKER_HOST: 'ssh://me@there:2222' })
      expect(String(await daemon.docker.ping())).toBe('OK')
      daemon.close()
      await expect(findDaemon({ DOCKER_HOST: 'ssh://elsewhere' })).rejects.toMatchObject({
        code: 'no-daemon',
        message: expect.stringContaining('unexpected:'),
      })
    } finally {
      process.env.PATH = path
    }
  })
})
