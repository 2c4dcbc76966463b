import { mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openLogFile } from '../../../src/embedded/host/log-file.ts'

test('a log rotates by size and loses no line', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'otel-lab-log-'))
  try {
    const path = join(dir, 'x.log')
    const log = openLogFile(path, { maxBytes: 100 })
    for (let i = 0; i < 15; i++) log.write(`line ${i}`)
    await log.close()
    const old = await readFile(`${path}.1`, 'utf8')
    const now = await readFile(path, 'utf8')
    expect((old + now).trim().split('\n')).toEqual(Array.from({ length: 15 }, (_, i) => `line ${i}`))
    expect(old.length).toBeLessThanOrEqual(100)
    const again = openLogFile(path)
    again.write('two\nlines\n')
    await again.close()
    expect(await readFile(path, 'utf8')).toBe(`${now}two\nlines\n`)
  } finally {
    await rm(dir, { recursive: true, force: true })
  }
})

test('a log that cannot be written harms nobody', async () => {
  const log = openLogFile('/proc/no-such-folder/x.log')
  log.write('lost')
  await new Promise((done) => setTimeout(done, 20))
  log.write('lost too')
  await log.close()
})

test('a log that somebody deletes, with its folder even, is there again with what is written next', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'otel-lab-log-'))
  const path = join(dir, 'logs', 'x.log')
  const log = openLogFile(path)
  const written = (text: string) =>
    expect.poll(() => readFile(path, 'utf8').catch(() => ''), { interval: 10 }).toBe(text)
  try {
    log.write('one')
    await written('one\n')
    await rm(path)
    log.write('two')
    await written('two\n')
    await rm(join(dir, 'logs'), { recursive: true })
    log.write('three')
    await written('three\n')
    await rename(path, join(dir, 'moved'))
    await writeFile(path, '')
    log.write('four')
    await written('four\n')
    await log.close()
  } finally {
    await rm(dir, { recursive: true, force: true })
  }
})
