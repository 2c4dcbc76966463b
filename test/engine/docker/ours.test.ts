import { mkdir, mkdtemp, realpath, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { isOurs } from '../../../src/engine/docker/lab.ts'
import { LABEL } from '../../../src/engine/docker/labels.ts'
import { ownName, type Project } from '../../../src/engine/docker/project.ts'

let dir: string
let project: Project
beforeEach(async () => {
  dir = await realpath(await mkdtemp(join(tmpdir(), 'otel-lab-ours-')))
  const root = join(dir, 'mine')
  const file = { services: {}, networks: {}, volumes: {} }
  project = { name: 'shared', file, path: '/package/stack/compose.yaml', root, machine: 'here' }
})
afterEach(() => rm(dir, { recursive: true, force: true }))

const ours = (labels: Record<string, string>) => isOurs({ project }, labels)
const labels = (root: string, machine = 'here') => ({ [LABEL.root]: root, [LABEL.machine]: machine })

test('a lab that is there is another one, and only one that is surely gone leaves its name to us', async () => {
  const other = join(dir, 'other')
  await mkdir(join(other, '.otel-lab'), { recursive: true })
  expect(ours(labels(project.root))).toBe(true)
  expect(ours(labels(other))).toBe(false)
  await rm(other, { recursive: true })
  expect(ours(labels(other))).toBe(true)
  // What cannot be looked into, such as a home of mode 0700, says nothing: here a link that leads to itself.
  await symlink(other, other)
  expect(ours(labels(other))).toBe(false)
})

test('a folder of another machine on the same daemon is not ours, whatever is at that path here', () => {
  expect(ours(labels(join(dir, 'gone'), 'there'))).toBe(false)
  expect(ours(labels(project.root, 'there'))).toBe(false)
  // Such as a dev container that was made anew: the lab remembers the name that no other has.
  project = { ...project, name: ownName(project.root, 'there') }
  expect(ours(labels(project.root, 'there'))).toBe(true)
})

test('what Compose made is ours when it made it of our file', () => {
  expect(ours({ [LABEL.files]: '/package/stack/compose.yaml' })).toBe(true)
  expect(ours({ [LABEL.files]: '/somebody/compose.yaml' })).toBe(false)
  expect(ours({})).toBe(true)
})

test("a project's name is its folder's, and no other lab's", () => {
  expect(ownName('/home/alice/My Course', 'here')).toMatch(/^my-course-[0-9a-f]{6}$/)
  expect(ownName('/home/alice/lab', 'here')).toMatch(/^otel-lab-[0-9a-f]{6}$/)
  const names = [
    ['/home/alice/lab', 'here'],
    ['/home/bob/lab', 'here'],
    ['/home/alice/lab', 'there'],
  ].map(([root, machine]) => ownName(root!, machine!))
  expect(new Set(names).size).toBe(3)
})
