import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { commandName, nameCommands } from '../../src/ui/command-name.ts'

let dir: string
beforeEach(async () => {
  dir = await realpath(await mkdtemp(join(tmpdir(), 'otel-lab-name-')))
})
afterEach(() => rm(dir, { recursive: true }))

async function packageAt(root: string): Promise<void> {
  await mkdir(join(root, 'dist'), { recursive: true })
  await writeFile(join(root, 'package.json'), '{"name":"otel-lab"}')
  await writeFile(join(root, 'dist/otel-lab.js'), '')
}

async function onPath(root: string): Promise<string> {
  await mkdir(join(dir, 'bin'))
  await symlink(join(root, 'dist/otel-lab.js'), join(dir, 'bin/otel-lab'))
  return join(dir, 'bin')
}

test('in a clone, and below it, it is typed with npx', async () => {
  const root = join(dir, 'clone')
  await packageAt(root)
  await mkdir(join(root, 'lab/configs'), { recursive: true })
  for (const cwd of [root, join(root, 'lab'), join(root, 'lab/configs')])
    expect(commandName({ root, cwd, env: { PATH: `${root}/node_modules/.bin:/usr/bin` } })).toBe('npx otel-lab')
})

test('in a project that depends on it, and out of npm’s cache, too', async () => {
  const project = join(dir, 'project')
  const root = join(project, 'node_modules/otel-lab')
  await packageAt(root)
  await writeFile(join(project, 'package.json'), '{}')
  await mkdir(join(project, 'notes'))
  expect(commandName({ root, cwd: join(project, 'notes'), env: {} })).toBe('npx otel-lab')
  const cached = join(dir, '_npx/0123abcd/node_modules/otel-lab')
  await packageAt(cached)
  expect(commandName({ root: cached, cwd: dir, env: {} })).toBe('npx otel-lab')
})

test('where the shell finds this very program, and anywhere else, its name is enough', async () => {
  const root = join(dir, 'clone')
  await packageAt(root)
  expect(commandName({ root, cwd: root, env: { PATH: await onPath(root) } })).toBe('otel-lab')
  expect(commandName({ root, cwd: dir, env: {} })).toBe('otel-lab')
})

test('another otel-lab on the PATH is not this one', async () => {
  const root = join(dir, 'clone')
  const other = join(dir, 'other')
  await packageAt(root)
  await packageAt(other)
  expect(commandName({ root, cwd: root, env: { PATH: await onPath(other) } })).toBe('npx otel-lab')
})

test('commands in a text are named, and nothing else', () => {
  const known = ['up', 'run', 'exercise']
  const named = (text: string) => nameCommands(text, 'npx otel-lab', known)
  expect(named('→ otel-lab up')).toBe('→ npx otel-lab up')
  expect(named('Try `otel-lab run stress`, or: otel-lab exercise 1')).toBe(
    'Try `npx otel-lab run stress`, or: npx otel-lab exercise 1',
  )
  for (const text of ['npx otel-lab up', 'This is a bug of otel-lab.', '/x/otel-lab up', 'another otel-lab command'])
    expect(named(text)).toBe(text)
})
