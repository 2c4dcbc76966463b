import { execFile, spawn } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import Docker from 'dockerode'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { dockerOffer } from '../../../src/engine/docker/offer.ts'
import { portVariables } from '../../../src/engine/docker/ports.ts'
import type { ServiceName } from '../../../src/engine.ts'
import { httpRequest } from '../../../src/util/http.ts'
import { findWorkspace } from '../../../src/workspace.ts'
import { startRegistry } from '../../support/docker/registry.ts'
import { type TestLab, testLab } from '../../support/lab.ts'

const run = promisify(execFile)
const compose = await run('docker-compose', ['--version']).then(
  () => 'docker-compose',
  () => undefined,
)
if (compose === undefined)
  console.warn('\nSKIPPED: no docker-compose on PATH, so its side of the project is not tested\n')

interface Target {
  datasource: { type: 'tempo' | 'prometheus' | 'loki' }
  expr?: string
  query?: string
}

type Images = Partial<Record<ServiceName, string>>

/** The docker engine by way of the commands, killed in the middle, and side by side with Compose. */
export function cliCases(host: () => string, images: () => Images): void {
  let lab: TestLab
  let docker: Docker
  let project: string
  let env: Record<string, string>
  let flags: string[]
  beforeEach(async () => {
    lab = await testLab()
    docker = new Docker({ socketPath: host().replace('unix://', '') })
    project = `otel-lab-cli-${lab.offset}`
    env = { DOCKER_HOST: host() }
    const given = Object.entries(images()).flatMap(([service, image]) => ['--image', `${service}=${image}`])
    flags = ['--port-offset', String(lab.offset), '--project', project, '--no-grafana', ...given]
  })
  afterEach(async () => {
    await lab.run(['down', '--volumes'], { env })
    await lab.close()
  })
  const up = () => lab.run(['up', '--engine', 'docker', '--json', ...flags], { env })
  const filters = () => JSON.stringify({ label: [`com.docker.compose.project=${project}`] })
  const containers = () => docker.listContainers({ all: true, filters: filters() })

  /** Runs a command and kills it as soon as `when` says so. */
  async function killed(args: string[], when: () => Promise<boolean>): Promise<void> {
    const child = spawn(process.execPath, [resolve('dist/otel-lab.js'), ...args], {
      cwd: lab.dir,
      env: { ...process.env, OTEL_LAB_DIR: '', ...env },
      stdio: 'ignore',
    })
    const ended = new Promise((done) => child.once('exit', done))
    while (child.exitCode === null && !(await when())) await sleep(5)
    child.kill('SIGKILL')
    await ended
  }

  async function expectNothingLeft(): Promise<void> {
    expect((await lab.run(['down', '--volumes'], { env })).code).toBe(0)
    expect(await containers()).toEqual([])
    expect(await docker.listNetworks({ filters: filters() })).toEqual([])
    expect((await docker.listVolumes({ filters: filters() })).Volumes).toEqual([])
  }

  test('a daemon that has all images is offered', async () => {
    const workspace = await findWorkspace({ cwd: lab.dir, create: true, env: {} })
    const offer = (given: Images) => dockerOffer(workspace, { env, images: given, grafana: false })
    expect(await offer(images())).toEqual({ usable: true })
    expect(await offer({ ...images(), tempo: 'otel-lab-test/none:1' })).toMatchObject({
      usable: false,
      why: expect.stringContaining('1 of its images are not there'),
    })
  })

  test('up, status, logs, restart and down by the commands', async () => {
    const started = await up()
    expect(started.code, started.stderr).toBe(0)
    const status = JSON.parse((await lab.run(['status', '--json'], { env })).stdout)
    expect(status).toMatchObject({ engine: 'docker', running: true })
    for (const service of status.services) {
      expect(service).toMatchObject({
        state: 'ready',
        memoryBytes: expect.any(Number),
        cpuPercent: expect.any(Number),
        detail: expect.stringContaining(images()[service.name as ServiceName]!),
      })
    }
    for (const { Id } of await containers()) {
      const { HostConfig, Config } = await docker.getContainer(Id).inspect()
      expect(HostConfig).toMatchObject({ ReadonlyRootfs: true, CapDrop: ['ALL'], Privileged: false })
      expect(HostConfig.SecurityOpt).toContain('no-new-privileges:true')
      expect(HostConfig.Memory).toBeGreaterThan(0)
      expect(Config.User).toMatch(/^[1-9]/)
      for (const [binding] of Object.values(HostConfig.PortBindings as Record<string, { HostIp: string }[]>)) {
        expect(binding!.HostIp).toBe('127.0.0.1')
      }
    }
    const logs = await lab.run(['logs', 'otel-collector', 'tempo', '--tail', '2', '--json'], { env })
    expect(logs.stdout.trim().split('\n')).toHaveLength(4)
    expect((await lab.run(['restart', 'loki'], { env })).code).toBe(0)
    expect((await lab.run(['open', '--grafana', '--print'], { env })).stderr).toContain('runs no Grafana')
    await expectNothingLeft()
  })

  test('the three exercises pass by their solutions, and the delays are measured', async () => {
    expect((await up()).code).toBe(0)
    const exercise = async (...args: string[]) => {
      const ran = await lab.run(['exercise', ...args, '--json'], { env })
      return { ...JSON.parse(ran.stdout), code: ran.code }
    }
    expect((await exercise('1', '--check')).code).toBe(1)
    await exercise('1', '--apply')
    expect((await exercise('1', '--check')).code).toBe(0)
    for (const number of ['2', '3']) {
      const { answers } = await exercise(number, '--apply')
      const given = Object.entries(answers as Record<string, string>).flatMap(([key, text]) => [
        '--answer',
        `${key}=${text}`,
      ])
      const graded = await exercise(number, ...given)
      expect(graded.code, JSON.stringify(graded)).toBe(0)
    }
    const latency = await lab.run(['latency', '--runs', '1', '--json'], { env })
    expect(latency.code, latency.stderr).toBe(0)
  })

  test("every query of Grafana's dashboard is one that the backends answer", async () => {
    expect((await up()).code).toBe(0)
    const { endpoints } = JSON.parse((await lab.run(['status', '--json'], { env })).stdout)
    const text = await readFile(resolve('stack/grafana/dashboards/otel-lab.json'), 'utf8')
    const { panels } = JSON.parse(text) as { panels: { title: string; targets?: Target[] }[] }
    const filled = (query: string) =>
      query.replaceAll('$service', 'neuro-preprocess').replaceAll('$__interval', '60s').replaceAll('$__range', '900s')
    let asked = 0
    for (const { title, targets = [] } of panels) {
      for (const { datasource, expr, query } of targets) {
        const parameters = new URLSearchParams(
          datasource.type === 'tempo' ? { q: filled(query!) } : { query: filled(expr!) },
        )
        const path = { tempo: '/api/search', prometheus: '/api/v1/query', loki: '/loki/api/v1/query_range' }
        const { type } = datasource
        const answer = await httpRequest(`${endpoints[type]}${path[type]}?${parameters}`)
        expect(answer.status, `${title}: ${answer.text}`).toBe(200)
        asked++
      }
    }
    expect(asked).toBeGreaterThan(15)
  })

  test('kill -9 in the middle of up: the next up goes on, and down leaves nothing', async () => {
    await killed(['up', '--engine', 'docker', ...flags], async () => (await containers()).length > 0)
    expect((await containers()).length).toBeGreaterThan(0)
    const again = await up()
    expect(again.code, again.stderr).toBe(0)
    expect(JSON.parse(again.stdout).services.every(({ state }: { state: string }) => state === 'ready')).toBe(true)
    await expectNothingLeft()
  })

  test('kill -9 in the middle of a pull: nothing is left over, and the next one ends it', async () => {
    const registry = await startRegistry()
    const image = `${registry.host}/lab/slow:1`
    const isThere = () =>
      docker
        .getImage(image)
        .inspect()
        .then(Boolean, () => false)
    try {
      const pull = ['up', '--engine', 'docker', ...flags, '--image', `tempo=${image}`]
      await killed(pull, async () => registry.waiting() > 0)
      expect(await isThere()).toBe(false)
      expect(await containers()).toEqual([])
      registry.release()
      // An image of nothing but files is pulled to its end, and then cannot start.
      expect((await lab.run(pull, { env })).code).toBe(4)
      expect(await isThere()).toBe(true)
      await expectNothingLeft()
    } finally {
      registry.close()
      await docker
        .getImage(image)
        .remove({ force: true })
        .catch(() => {})
    }
  })

  test('kill -9 in the middle of a patch: the config is whole, and nothing is left over', async () => {
    expect((await up()).code).toBe(0)
    const path = join(lab.dir, 'configs/otel-collector-config.yaml')
    const before = await readFile(path, 'utf8')
    const after = before.replace('timeout: 1s', 'timeout: 300ms')
    const isOneOff = ({ Labels }: { Labels: Record<string, string> }) => Labels['com.docker.compose.oneoff'] === 'True'
    const patch = ['config', 'patch', '--set', 'processors.batch.timeout=300ms', '--yes']
    await killed(patch, async () => (await containers()).some(isOneOff))
    expect(await readFile(path, 'utf8')).toBe(before)
    await killed(patch, async () => (await readFile(path, 'utf8')) !== before)
    expect(await readFile(path, 'utf8')).toBe(after)
    const again = await up()
    expect(again.code, again.stderr).toBe(0)
    expect((await containers()).filter(isOneOff)).toEqual([])
    await expectNothingLeft()
  })

  test.skipIf(compose === undefined)('Compose sees and stops what we started, and the other way round', async () => {
    const names = { 'otel-collector': 'COLLECTOR', tempo: 'TEMPO', prometheus: 'PROMETHEUS', loki: 'LOKI', grafana: '' }
    const byCompose = (...args: string[]) =>
      run('docker-compose', ['-p', project, '-f', resolve('stack/compose.yaml'), ...args], {
        env: {
          ...process.env,
          ...env,
          ...portVariables(lab.offset, {}),
          ...Object.fromEntries(
            Object.entries(images()).map(([name, image]) => [`OTEL_LAB_${names[name as ServiceName]}_IMAGE`, image]),
          ),
          OTEL_LAB_CONFIGS: join(lab.dir, 'configs'),
        },
      })
    const { stdout } = await byCompose('config', '--services')
    expect(stdout.trim().split('\n').sort()).toEqual(['grafana', 'loki', 'otel-collector', 'prometheus', 'tempo'])

    expect((await up()).code).toBe(0)
    expect((await byCompose('ps', '-q', 'tempo', 'loki')).stdout.trim().split('\n')).toHaveLength(2)
    await byCompose('stop', 'tempo')
    const seen = JSON.parse((await lab.run(['status', '--json'], { env })).stdout)
    expect(seen.services.find(({ name }: { name: string }) => name === 'tempo').state).toBe('stopped')
    await lab.run(['down'], { env })

    await byCompose('up', '-d', 'tempo')
    const theirs = JSON.parse((await lab.run(['status', '--json'], { env })).stdout)
    expect(theirs).toMatchObject({ running: true })
    const ours = await up()
    expect(ours.code, ours.stderr).toBe(0)
    await byCompose('down', '-v')
    expect(await containers()).toEqual([])
    await expectNothingLeft()
  })
}
