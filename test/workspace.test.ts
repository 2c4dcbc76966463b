import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { findWorkspace } from '../src/workspace.ts'

let dir: string
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'otel-lab-ws-'))
})
afterEach(() => rm(dir, { recursive: true, force: true }))
const find = (cwd: string, create = false, env = {}) => findWorkspace({ cwd, create, env })

test('an empty folder becomes the lab, and is found from below', async () => {
  await mkdir(join(dir, '.git'))
  const made = await find(dir, true)
  expect(made).toMatchObject({ root: dir, created: true })
  expect((await readdir(dir)).sort()).toEqual(['.git', '.otel-lab', 'configs', 'data', 'node_modules'])
  expect(await readdir(join(dir, 'configs'))).toHaveLength(4)
  // Telemetry, attempts and keys are nobody else's business; of an older lab they stop being so.
  const modeOf = async () => (await stat(join(dir, '.otel-lab'))).mode & 0o777
  expect(await modeOf()).toBe(0o700)
  await chmod(join(dir, '.otel-lab'), 0o755)
  await find(dir, true)
  expect(await modeOf()).toBe(0o700)
  const below = await find(made.inputDir)
  expect(below).toMatchObject({ root: dir, created: false })
})

test('a folder with files of its own gets one new folder and nothing else', async () => {
  await writeFile(join(dir, 'package.json'), '{}')
  await mkdir(join(dir, 'src'))
  const made = await find(dir, true)
  expect(made.root).toBe(join(dir, 'lab'))
  expect((await readdir(dir)).sort()).toEqual(['lab', 'package.json', 'src'])
  expect((await find(join(dir, 'src'))).root).toBe(made.root)
})

test('a foreign lab/ is left alone; OTEL_LAB_DIR names another place', async () => {
  await mkdir(join(dir, 'lab'))
  await writeFile(join(dir, 'lab', 'rat.txt'), '')
  await expect(find(dir, true)).rejects.toMatchObject({ code: 'folder-foreign' })
  expect((await find(dir, true, { OTEL_LAB_DIR: 'mine' })).root).toBe(join(dir, 'mine'))
})

test('no lab: says what to type', async () => {
  await expect(find(dir)).rejects.toMatchObject({ code: 'no-lab', hint: 'otel-lab up' })
})

test("what is the learner's is never overwritten, what is missing comes back", async () => {
  const lab = await find(dir, true)
  await writeFile(lab.configPath('tempo.yaml'), 'mine')
  await rm(lab.configPath('loki.yaml'))
  await find(dir, true)
  expect(await readFile(lab.configPath('tempo.yaml'), 'utf8')).toBe('mine')
  expect(await readFile(lab.configPath('loki.yaml'), 'utf8')).toBe(
    await readFile(lab.pristineConfigPath('loki.yaml'), 'utf8'),
  )
  expect((await readdir(lab.configsDir)).filter((name) => name.includes('tmp'))).toEqual([])
})

test('the state merges; broken JSON says which file', async () => {
  const lab = await find(dir, true)
  await lab.setState({ engine: 'embedded', portOffset: 5 })
  await lab.setState({ engine: undefined } as never)
  expect(await lab.state()).toEqual({ portOffset: 5 })
  await writeFile(lab.statePath('state.json'), '{')
  await expect(lab.state()).rejects.toMatchObject({ code: 'state-broken' })
})

test('two at once take turns, and a dead holder is no holder', async () => {
  const lab = await find(dir, true)
  const order: string[] = []
  const step = (name: string) =>
    lab.exclusively(async () => {
      order.push(`${name} in`)
      await new Promise((done) => setTimeout(done, 30))
      order.push(`${name} out`)
    })
  await Promise.all([step('a'), step('b')])
  expect(order[1]).toBe(order[0]!.replace('in', 'out'))
  expect(order).toHaveLength(4)

  // Another process held it and was killed.
  const held = (pid: number) => `
    import { mkdirSync, statSync, writeFileSync } from 'node:fs'
    import { hostname } from 'node:os'
    mkdirSync('${lab.statePath('run', 'lab.lock')}')
    const { ino, birthtimeMs } = statSync('${lab.statePath('run', 'lab.lock')}')
    const holder = { pid: ${pid}, host: hostname(), command: 'otel-lab up', lock: ino + '-' + birthtimeMs }
    writeFileSync('${lab.statePath('run', 'lab.lock.holder')}', JSON.stringify(holder))`
  const hold = (pid: number) => execFileSync(process.execPath, ['--input-type=module', '-e', held(pid)])
  hold(2 ** 22 + 1)
  expect(await lab.exclusively(async () => 'taken over')).toBe('taken over')

  hold(process.ppid)
  await expect(lab.exclusively(async () => {}, { waitMs: 60 })).rejects.toMatchObject({
    code: 'lab-busy',
    message: expect.stringContaining(`process ${process.ppid}, otel-lab up`),
  })
  // It could not be had, and is not taken from the one that lives.
  await expect(lab.exclusively(async () => {}, { waitMs: 60, orWithout: true })).rejects.toMatchObject({
    code: 'lab-busy',
  })
})

test('who holds the lock may ask for it again, and no longer when it is done', async () => {
  const lab = await find(dir, true)
  let later: Promise<void> | undefined
  const inner = await lab.exclusively(async () => {
    const result = await lab.exclusively(async () => 'inner')
    later = new Promise<void>((done) => setTimeout(done, 30)).then(() =>
      lab.exclusively(async () => {}, { waitMs: 10 }),
    )
    return result
  })
  expect(inner).toBe('inner')
  const other = lab.exclusively(() => new Promise((done) => setTimeout(done, 200)))
  await expect(later).rejects.toMatchObject({ code: 'lab-busy' })
  await other
})

test.skipIf(process.getuid?.() === 0)('a read-only folder is said so', async () => {
  await chmod(dir, 0o500)
  await expect(find(dir, true)).rejects.toMatchObject({ code: 'read-only' })
})

test('a lab that was refused before it was up is taken away again; what was there stays', async () => {
  const fresh = join(dir, 'fresh')
  const made = await findWorkspace({ cwd: dir, create: true, env: { OTEL_LAB_DIR: fresh } })
  await made.discard({ andLogs: false })
  expect(existsSync(fresh)).toBe(false)

  const named = join(dir, 'named')
  await mkdir(join(named, 'data'), { recursive: true })
  await writeFile(join(named, 'data', 'own.txt'), 'mine')
  const beside = await findWorkspace({ cwd: dir, create: true, env: { OTEL_LAB_DIR: named } })
  await beside.discard({ andLogs: false })
  expect(await readdir(named)).toEqual(['data'])
  expect(await readFile(join(named, 'data', 'own.txt'), 'utf8')).toBe('mine')

  const begun = await findWorkspace({ cwd: dir, create: true, env: { OTEL_LAB_DIR: fresh } })
  await writeFile(begun.statePath('logs', 'tempo.log'), 'why it failed')
  await begun.discard({ andLogs: false })
  expect(existsSync(fresh)).toBe(true)
  await begun.setState({ engine: 'embedded' })
  await begun.discard({ andLogs: true })
  expect(existsSync(fresh)).toBe(true)
})
