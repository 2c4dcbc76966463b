import { execFileSync } from 'node:child_process'
import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { StartService } from '../../../src/embedded/component.ts'
import { createSeat } from '../../../src/embedded/host/seats.ts'
import { createNetwork } from '../../../src/embedded/network.ts'
import { LabError } from '../../../src/errors.ts'

let dir: string
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'otel-lab-seat-'))
})
afterEach(() => rm(dir, { recursive: true, force: true }))

/** A service that runs on any config but those that say `bad`, and whose life is written down. */
function setUp() {
  const life: string[] = []
  const configPath = join(dir, 'x.yaml')
  const start: StartService = async ({ configText }) => {
    life.push(`start ${configText}`)
    if (configText === 'bad') throw new LabError('config-invalid', 'line 1: bad', { hint: 'mend it' })
    return { ready: () => true, ports: () => ({ http: 1 }), stop: async () => void life.push(`stop ${configText}`) }
  }
  const seat = createSeat({
    name: 'x',
    start,
    check: (text) => {
      if (text === 'refused') throw new LabError('config-refused', 'refused')
    },
    network: createNetwork({ portOffset: 0 }),
    dataDir: join(dir, 'data'),
    configPath,
    env: {},
    log: () => {},
  })
  return { seat, life, write: (text: string) => writeFile(configPath, text) }
}

test('a new config that does not start brings the old one back', async () => {
  const { seat, life, write } = setUp()
  await write('one')
  await seat.start()
  await write('bad')
  expect(await seat.status()).toMatchObject({ state: 'ready', changed: true })
  await expect(seat.restart()).rejects.toMatchObject({
    code: 'config-refused',
    message: expect.stringContaining('runs on'),
    hint: 'mend it',
  })
  expect(life).toEqual(['start one', 'stop one', 'start bad', 'start one'])
  expect(await seat.status()).toMatchObject({ state: 'ready' })
})

test('a config that the check refuses never touches the running service', async () => {
  const { seat, life, write } = setUp()
  await write('one')
  await seat.start()
  await write('refused')
  await expect(seat.restart()).rejects.toMatchObject({ code: 'config-refused' })
  expect(life).toEqual(['start one'])
  await write('two')
  await seat.restart()
  expect(life).toEqual(['start one', 'stop one', 'start two'])
})

test('a start that fails is a state, and a restart mends it', async () => {
  const { seat, write } = setUp()
  await seat.start()
  expect(await seat.status()).toMatchObject({ state: 'stopped', problem: { code: 'config-missing' } })
  await write('bad')
  await expect(seat.restart()).rejects.toMatchObject({ code: 'config-invalid' })
  await write('one')
  await seat.restart()
  expect(await seat.status()).toMatchObject({
    name: 'x',
    state: 'ready',
    ports: { http: 1 },
    changed: false,
    damaged: [],
  })
})

test('a pipe or a device in the place of a config is refused, and nobody waits for its end', async () => {
  const { seat } = setUp()
  execFileSync('sh', ['-c', 'mkfifo "$0"', join(dir, 'x.yaml')])
  await seat.start()
  expect(await seat.status()).toMatchObject({
    state: 'stopped',
    problem: { message: expect.stringContaining('a pipe or a device') },
  })
  await rm(join(dir, 'x.yaml'))
  await symlink('/dev/zero', join(dir, 'x.yaml'))
  await expect(seat.restart()).rejects.toMatchObject({ code: 'config-missing' })
  await rm(join(dir, 'x.yaml'))
  await writeFile(join(dir, 'x.yaml'), 'x'.repeat(2 << 20))
  await expect(seat.restart()).rejects.toThrow('larger than 1024 KiB')
})
