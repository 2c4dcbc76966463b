import { tmpdir } from 'node:os'
import { expect, test } from 'vitest'
import { refuseFullDisk } from '../../../src/engine/docker/download.ts'
import type { Project } from '../../../src/engine/docker/project.ts'

const wants = (mb: number) =>
  ({ file: { services: { tempo: { labels: { 'dev.otel-lab.download-mb': String(mb) } } } } }) as unknown as Project
const wanted = [{ image: 'x', services: ['tempo'] }]
const here = { near: true, dataDir: tmpdir() }

test('what does not fit is not pulled', async () => {
  await expect(refuseFullDisk(here, wants(1e9), wanted)).rejects.toMatchObject({
    code: 'disk-full',
    message: expect.stringMatching(
      /^nothing is pulled: the images need about 4000000000 MB in .*, where \d+ MB are free$/,
    ),
    hint: expect.stringContaining('docker image prune'),
  })
  await refuseFullDisk(here, wants(1), wanted)
})

test('a disk that is not ours is not judged', async () => {
  await refuseFullDisk({ near: false, dataDir: tmpdir() }, wants(1e9), wanted)
  await refuseFullDisk({ near: true, dataDir: '/no/such/folder/here' }, wants(1e9), wanted)
})
