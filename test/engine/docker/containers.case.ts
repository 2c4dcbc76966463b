// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are the variables of a compose file
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, expect, test } from 'vitest'
import { node, type SmallLab, smallLab } from '../../support/docker/small.ts'

const FOREVER =
  'require("http").createServer((q, r) => r.end("ready")).listen(3200); process.on("SIGTERM", () => process.exit(0)); setInterval(() => {}, 1000)'
const TEMPO = 'ports: ["127.0.0.1:${OTEL_LAB_PORT_TEMPO}:3200"]'
const NOTHING = { containers: [], networks: [], volumes: [] }

/** What the docker engine does with containers, on small compose files of its own. */
export function containerCases(host: () => string): void {
  let lab: SmallLab
  afterEach(() => lab?.close())
  const open = async (services: string) => {
    lab = await smallLab(host(), services)
    return lab
  }

  test('a service waits until the others are done, healthy or started', async () => {
    const healthy = '["CMD", "/usr/bin/node", "-e", "process.exit(require(\'fs\').existsSync(\'/ok\') ? 0 : 1)"]'
    const slow = `setTimeout(() => require('fs').writeFileSync('/ok', ''), 700); ${FOREVER}`
    const { engine, inspect } = await open(`
  app: ${node(FOREVER, 'depends_on: { init: { condition: service_completed_successfully }, db: { condition: service_healthy } }')}
  db: ${node(slow, `healthcheck: { test: ${healthy}, interval: 200ms }`)}
  init: ${node('setTimeout(() => {}, 500)')}`)
    await engine.up({})
    const [app, db, init] = await Promise.all(['app', 'db', 'init'].map(inspect))
    expect(init!.State).toMatchObject({ Status: 'exited', ExitCode: 0 })
    const started = Date.parse(app!.State.StartedAt)
    expect(started).toBeGreaterThanOrEqual(Date.parse(init!.State.FinishedAt))
    expect(started - Date.parse(db!.State.StartedAt)).toBeGreaterThan(700)
  })

  test('one that ends shows its last lines and code, and what this up made is gone', async () => {
    const { engine, left } = await open(`
  tempo: ${node('console.log("first"); console.error("boom"); process.exit(3)', `restart: on-failure:5, ${TEMPO}`)}
  loki: ${node(FOREVER)}`)
    await expect(engine.up({})).rejects.toMatchObject({
      code: 'service-failed',
      exit: 4,
      message: expect.stringMatching(/^tempo ended with code 3[\s\S]*Its last lines:[\s\S]*boom/),
    })
    expect(await left()).toEqual(NOTHING)
  })

  test('one that needs too much memory is told so', async () => {
    const hungry = 'const all = []; setInterval(() => all.push(Buffer.alloc(8 << 20, 1)), 5)'
    const { engine } = await open(`
  tempo: ${node(hungry, `mem_limit: 96m, ${TEMPO}`)}`)
    await expect(engine.up({})).rejects.toMatchObject({
      code: 'service-failed',
      message: expect.stringContaining('more memory than its limit of 96 MiB'),
    })
  })

  test('a crash loop is seen by status', async () => {
    // Ready once; from the second start on it ends at once.
    const script =
      "const fs = require('fs'); if (fs.existsSync('/seen')) { console.error('cannot go on'); process.exit(7) } fs.writeFileSync('/seen', ''); require('http').createServer((q, r) => r.end('ready')).listen(3200); setTimeout(() => process.exit(7), 1500)"
    const { engine } = await open(`
  tempo: ${node(script, `restart: always, ${TEMPO}`)}`)
    await engine.up({})
    let [tempo] = (await engine.status()).services
    expect(tempo!.state).toBe('ready')
    const deadline = Date.now() + 15_000
    while (!/crash loop/.test(tempo!.problem ?? '') && Date.now() < deadline) {
      await sleep(100)
      ;[tempo] = (await engine.status()).services
    }
    expect(tempo).toMatchObject({
      state: 'unhealthy',
      problem: expect.stringMatching(/crash loop: tempo ended with code 7[\s\S]*cannot go on/),
    })
  })

  test('a second up changes only what changed', async () => {
    const { engine, inspect, rewrite, another } = await open(`
  tempo: ${node(FOREVER)}
  loki: ${node(FOREVER)}`)
    await engine.up({})
    const before = await Promise.all(['tempo', 'loki'].map(inspect))
    await rewrite(`
  tempo: ${node(FOREVER, 'environment: { NEW: "1" }')}
  loki: ${node(FOREVER)}`)
    await another({}).up({})
    const after = await Promise.all(['tempo', 'loki'].map(inspect))
    expect(after[0]!.Id).not.toBe(before[0]!.Id)
    expect(after[0]!.Config.Env).toContain('NEW=1')
    expect(after[1]!.Id).toBe(before[1]!.Id)
  })

  test('one that was stopped, paused or removed by hand is there again after up', async () => {
    const { engine, inspect, docker } = await open(`
  tempo: ${node(FOREVER)}
  loki: ${node(FOREVER)}
  prometheus: ${node(FOREVER)}`)
    await engine.up({})
    const ids = await Promise.all(['tempo', 'loki', 'prometheus'].map(async (name) => (await inspect(name)).Id))
    await docker.getContainer(ids[0]!).kill()
    await docker.getContainer(ids[1]!).remove({ force: true })
    await docker.getContainer(ids[2]!).pause()
    expect((await engine.status()).services.map(({ state }) => state).sort()).toEqual([
      'stopped',
      'stopped',
      'unhealthy',
    ])
    await engine.up({})
    expect((await engine.status()).services.map(({ state }) => state)).toEqual(['ready', 'ready', 'ready'])
  })

  test('another lab of the same project is left alone, by up and by down', async () => {
    const first = await open(`
  tempo: ${node(FOREVER)}`)
    await first.engine.up({})
    const { Id } = await first.inspect('tempo')
    const other = await smallLab(host(), `\n  tempo: ${node(FOREVER)}`)
    try {
      const intruder = other.another({ project: first.project })
      await expect(intruder.up({})).rejects.toMatchObject({
        code: 'project-taken',
        message: expect.stringContaining(first.workspace.root),
        hint: expect.stringContaining('--project'),
      })
      await intruder.down({ volumes: true })
      expect(await intruder.status()).toMatchObject({ running: false })
      expect((await first.inspect('tempo')).State.Running).toBe(true)
      expect((await first.inspect('tempo')).Id).toBe(Id)
      await other.engine.up({})
      expect(await first.left()).not.toEqual(NOTHING)
    } finally {
      await other.close()
    }
  })

  test('a lab that takes another project name leaves nothing under the old one', async () => {
    const { engine, another, left, project } = await open(`
  tempo: ${node(FOREVER, TEMPO)}`)
    await engine.up({})
    const renamed = another({ project: `${project}-new` })
    await renamed.up({})
    expect(await left()).toEqual(NOTHING)
    expect((await renamed.status()).services).toMatchObject([{ name: 'tempo', state: 'ready' }])
    await renamed.down({ volumes: true })
  })

  test('an image that is not there is named, with every way to get it', async () => {
    const { another, left } = await open('  tempo: { image: "otel-lab-test/none:1" }')
    await expect(another({ pull: 'never' }).up({})).rejects.toMatchObject({
      code: 'images-missing',
      message: expect.stringContaining('otel-lab-test/none:1 (tempo)'),
      hint: expect.stringMatching(/images save[\s\S]*images load[\s\S]*--engine embedded/),
    })
    expect(await left()).toEqual(NOTHING)
  })

  test('a mount that the daemon does not see is told as such', async () => {
    const { engine, left } = await open(`
  tempo: ${node(FOREVER, 'volumes: ["/nowhere/at/all:/x:ro"]')}`)
    await expect(engine.up({})).rejects.toMatchObject({ code: 'not-mounted' })
    expect(await left()).toEqual(NOTHING)
  })

  test('a port that another container holds is told with its name', async () => {
    const port = 'ports: ["127.0.0.1:${OTEL_LAB_PORT_LOKI}:3100"]'
    const { engine, portOffset, project } = await open(`
  prometheus: ${node(FOREVER, port)}`)
    await engine.up({})
    const other = await smallLab(host(), `\n  loki: ${node(FOREVER, port)}`)
    try {
      await expect(other.another({ portOffset }).up({})).rejects.toMatchObject({
        code: 'port-taken',
        message: `loki needs port ${3100 + portOffset}, which is held by the container ${project}-prometheus-1`,
      })
      expect(await other.left()).toEqual(NOTHING)
    } finally {
      await other.close()
    }
  })
}
