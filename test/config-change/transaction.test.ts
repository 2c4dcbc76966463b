import { readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { applyEdits } from '../../src/collector-config.ts'
import {
  applyFile,
  beginTemporary,
  type ConfigLab,
  changeConfig,
  changeFile,
  driftOf,
  endTemporary,
  pendingTemporary,
  recoverTemporary,
  temporarily,
} from '../../src/config-change.ts'
import { openEngine } from '../../src/engine/choose.ts'
import { findWorkspace } from '../../src/workspace.ts'
import { type TestLab, testLab } from '../support/lab.ts'

let home: TestLab
let lab: ConfigLab
let path: string
let shipped: string

/** As another command sees the same folder: a lock and an engine of its own. */
async function openLab(): Promise<ConfigLab> {
  const workspace = await findWorkspace({ cwd: home.dir, env: {} })
  return { workspace, engine: await openEngine(workspace), now: () => new Date() }
}

beforeAll(async () => {
  home = await testLab()
  const { code, stderr } = await home.run(['up', '--engine', 'embedded', '--port-offset', String(home.offset)])
  expect(stderr).toBe('')
  expect(code).toBe(0)
  lab = await openLab()
  path = lab.workspace.configPath('otel-collector-config.yaml')
  shipped = await readFile(path, 'utf8')
}, 60_000)

afterAll(() => home.close())

const set = (where: string, value: string) => changeFile('collector', [{ op: 'set', path: where, value }])
const timeout = (value: string) => set('processors.batch.timeout', value)
const text = () => readFile(path, 'utf8')

beforeEach(async () => {
  await rm(join(home.dir, '.otel-lab/temporary'), { recursive: true, force: true })
  await writeFile(path, shipped)
  await applyFile(lab, 'collector')
})

describe('changeConfig', () => {
  it('loses none of two changes at once', async () => {
    await home.run(['down'])
    const labs = await Promise.all([openLab(), openLab()])
    for (let round = 2; round <= 9; round++) {
      const [first, second] = await Promise.all([
        changeConfig(labs[0], timeout(`${round}s`)),
        changeConfig(labs[1], set('processors.batch.send_batch_size', String(round))),
      ])
      expect([first.changed, second.changed]).toEqual([true, true])
      expect(await text()).toContain(`    timeout: ${round}s\n    send_batch_size: ${round}\n`)
    }
    await home.run(['up'])
    lab = await openLab()
  }, 120_000)

  it('restarts what runs, and puts the file back when the service refuses it', async () => {
    const done = await changeConfig(lab, timeout('300ms'))
    expect(done).toMatchObject({ changed: true, restarted: true, problems: [] })
    expect(await readFile(done.backup!, 'utf8')).toBe(shipped)

    const before = await readFile(lab.workspace.configPath('prometheus.yml'), 'utf8')
    const refused = changeConfig(
      lab,
      changeFile('prometheus', [{ op: 'set', path: 'global.scrape_interval', value: 'often' }]),
    )
    await expect(refused).rejects.toMatchObject({
      code: 'config-refused',
      message: expect.stringMatching(/prometheus refused the new config: [\s\S]*prometheus\.yml is back as it was/),
    })
    expect(await readFile(lab.workspace.configPath('prometheus.yml'), 'utf8')).toBe(before)
    expect((await lab.engine.status()).services.every(({ state }) => state === 'ready')).toBe(true)
  })

  it('writes nothing that the collector would refuse, and tells an old fault from a new one', async () => {
    const bad = changeConfig(lab, changeFile('collector', [{ op: 'add', path: 'exporters', value: 'nope' }]))
    await expect(bad).rejects.toMatchObject({ code: 'config-invalid', problems: [{ severity: 'error' }] })
    expect(await text()).toBe(shipped)

    await writeFile(path, applyEdits(shipped, [{ op: 'add', path: 'exporters', value: 'nope' }]))
    await expect(changeConfig(lab, timeout('2s'))).rejects.toMatchObject({
      message: expect.stringContaining('something else in it is wrong already'),
    })
  })
})

it('a busy lab is told as that, with who holds it, and the file is untouched', async () => {
  const other = await openLab()
  const waits: string[] = []
  let release = () => {}
  const holding = other.workspace.exclusively(
    () =>
      new Promise<void>((done) => {
        release = done
      }),
  )
  const change = changeConfig({ ...lab, onWait: (said) => waits.push(said) }, timeout('5s'))
  while (waits.length === 0) await new Promise((next) => setTimeout(next, 10))
  expect(waits[0]).toContain(`waiting for process ${process.pid}`)
  expect(await text()).toBe(shipped)
  release()
  await holding
  expect((await change).changed).toBe(true)
})

describe('applyFile', () => {
  it('lets the service read an edited file; one that it refuses stays the learner’s', async () => {
    await writeFile(path, applyEdits(shipped, [{ op: 'set', path: 'processors.batch.timeout', value: '700ms' }]))
    expect(await applyFile(lab, 'collector')).toMatchObject({ restarted: true })

    const broken = `${shipped}\nnonsense: true\n`
    await writeFile(path, broken)
    await expect(applyFile(lab, 'collector')).rejects.toMatchObject({
      code: 'config-invalid',
      message: expect.stringContaining('runs on with its old config'),
    })
    expect(await text()).toBe(broken)
    expect((await lab.engine.status()).services.every(({ state }) => state === 'ready')).toBe(true)
  })
})

describe('a temporary change', () => {
  it('is taken back, also from under later edits and in any order', async () => {
    await temporarily(lab, timeout('3s'), 'a try', async () => expect(await text()).toContain('timeout: 3s'))
    expect(await text()).toBe(shipped)

    const one = await beginTemporary(lab, timeout('4s'), { why: 'one', owner: 'lab' })
    const two = await beginTemporary(lab, set('processors.memory_limiter.limit_mib', '300'), {
      why: 'two',
      owner: 'lab',
    })
    await changeConfig(lab, set('service.telemetry.logs.level', 'debug'))
    expect((await pendingTemporary(lab)).map(({ why }) => why)).toEqual(['one', 'two'])
    expect(await endTemporary(lab, one.id)).toMatchObject({ restored: true })
    expect(await endTemporary(lab, two.id)).toMatchObject({ restored: true })
    expect(await text()).toBe(
      applyEdits(shipped, [{ op: 'set', path: 'service.telemetry.logs.level', value: 'debug' }]),
    )
    expect(await endTemporary(lab, two.id)).toBeUndefined()
  })

  it('keeps an edit of the same line, and the text of before beside it', async () => {
    const { id } = await beginTemporary(lab, timeout('4s'), { why: 'one', owner: 'lab' })
    await changeConfig(lab, timeout('5s'))
    const restored = await endTemporary(lab, id)
    expect(restored).toMatchObject({ restored: false })
    expect(await readFile(restored!.backup!, 'utf8')).toBe(shipped)
    expect(await text()).toContain('timeout: 5s')
  })

  it('whose process is gone is put back by the next command', async () => {
    const { id } = await beginTemporary(lab, timeout('9s'), { why: 'what if', owner: 'process' })
    expect(await recoverTemporary(lab)).toEqual([])
    const record = join(home.dir, '.otel-lab/temporary', `${id}.json`)
    const kept = JSON.parse(await readFile(record, 'utf8'))
    await writeFile(record, JSON.stringify({ ...kept, owner: { ...kept.owner, pid: 2 ** 22 + 1 } }))
    const { stderr } = await home.run(['config', 'show'])
    expect(stderr).toContain('what if')
    expect(await text()).toBe(shipped)
    expect(await pendingTemporary(lab)).toEqual([])
    expect((await driftOf(lab.workspace, lab.engine, 'collector')).state).not.toBe('differs')
  })
})
