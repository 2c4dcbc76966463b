import { copyFile, mkdtemp, open, readdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openJournal } from '../../src/embedded/journal.ts'

let dir: string
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'journal-'))
})
afterEach(() => rm(dir, { recursive: true }))

const bytes = (text: string) => new TextEncoder().encode(text)

async function replay(folder: string) {
  const records: string[] = []
  const cuts: { keptBytes: number; lostBytes: number }[] = []
  const journal = await openJournal(folder, {
    onRecord: (record) => records.push(new TextDecoder().decode(record)),
    onTruncated: (cut) => cuts.push(cut),
  })
  await journal.close()
  return { records, cuts }
}

test('what was appended is there after reopening, in order', async () => {
  const journal = await openJournal(dir)
  await Promise.all(Array.from({ length: 3000 }, (_, i) => journal.append(bytes(`record ${i}`))))
  await journal.append(new Uint8Array(0))
  await journal.close()
  const { records, cuts } = await replay(dir)
  expect(records).toEqual([...Array.from({ length: 3000 }, (_, i) => `record ${i}`), ''])
  expect(cuts).toEqual([])
})

test('cut at any byte, the whole records before the cut survive and the loss is reported', async () => {
  const journal = await openJournal(dir)
  const written = ['one', '', 'three', 'a longer fourth record']
  for (const text of written) await journal.append(bytes(text))
  await journal.close()
  const file = join(dir, '00000001.log')
  const full = (await stat(file)).size
  await copyFile(file, join(dir, 'full'))
  const ends = written.map((_, i) => written.slice(0, i + 1).reduce((sum, text) => sum + 8 + text.length, 0))
  for (let size = 0; size <= full; size++) {
    await copyFile(join(dir, 'full'), file)
    await truncate(file, size)
    const { records, cuts } = await replay(dir)
    const whole = ends.filter((end) => end <= size).length
    expect(records).toEqual(written.slice(0, whole))
    const kept = whole === 0 ? 0 : ends[whole - 1]!
    expect(cuts).toEqual(kept === size ? [] : [{ file, keptBytes: kept, lostBytes: size - kept }])
  }
})

test('a flipped bit or a tail of zeros ends the replay there, and appending goes on after it', async () => {
  const journal = await openJournal(dir)
  for (const text of ['one', 'two', 'three']) await journal.append(bytes(text))
  await journal.close()
  const file = join(dir, '00000001.log')
  const content = await readFile(file)
  content[8 + 3 + 8]! ^= 1
  await writeFile(file, content)
  expect((await replay(dir)).records).toEqual(['one'])
  await writeFile(file, Buffer.concat([await readFile(file), Buffer.alloc(64)]))
  const again = await openJournal(dir)
  await again.append(bytes('after'))
  await again.close()
  expect((await replay(dir)).records).toEqual(['one', 'after'])
})

test('segments begin by size and by rotate, and can be dropped', async () => {
  const journal = await openJournal(dir, { segmentBytes: 40, sync: false })
  const segments: number[] = []
  for (let i = 0; i < 5; i++) segments.push((await journal.append(new Uint8Array(20))).segment)
  expect(segments).toEqual([1, 1, 2, 2, 3])
  expect(await journal.rotate()).toBe(4)
  expect(await journal.rotate()).toBe(4)
  expect((await journal.append(bytes('x'))).segment).toBe(4)
  await journal.dropBefore(3)
  expect(journal.bytes).toBe(28 + 9)
  await journal.drop(3)
  await expect(journal.drop(4)).rejects.toThrow('current')
  await journal.close()
  expect(await readdir(dir)).toEqual(['00000004.log'])
})

test.each([
  ['ENOSPC', 'disk-full'],
  ['EROFS', 'disk-failed'],
  ['EIO', 'disk-failed'],
])(
  '%s is told as %s, loses nothing that was acknowledged, and passes when the disk is well again',
  async (code, told) => {
    let sick = false
    const journal = await openJournal(dir, {
      open: async (path, flags) => {
        const file = await open(path, flags)
        return {
          writev: async (buffers, position) => {
            // As a filling disk does: a part arrives, then the error.
            if (!sick) return file.writev(buffers, position)
            await file.write(Buffer.from('torn'), 0, 4, position)
            throw Object.assign(new Error(code), { code })
          },
          datasync: () => file.datasync(),
          truncate: (size) => file.truncate(size),
          close: () => file.close(),
        }
      },
    })
    await journal.append(bytes('before'))
    sick = true
    await expect(journal.append(bytes('lost'))).rejects.toMatchObject({ code: told })
    expect((await stat(join(dir, '00000001.log'))).size).toBe(8 + 6)
    sick = false
    await journal.append(bytes('after'))
    await journal.close()
    await expect(journal.append(bytes('late'))).rejects.toMatchObject({ code: 'journal-closed' })
    expect((await replay(dir)).records).toEqual(['before', 'after'])
  },
)

test('a failing sync is not acknowledged, and when even the cut fails a new segment begins', async () => {
  let sick = false
  const fail = () => Promise.reject(Object.assign(new Error('EIO'), { code: 'EIO' }))
  const journal = await openJournal(dir, {
    open: async (path, flags) => {
      const file = await open(path, flags)
      return {
        writev: (buffers, position) => file.writev(buffers, position),
        datasync: () => (sick ? fail() : file.datasync()),
        truncate: (size) => (sick ? fail() : file.truncate(size)),
        close: () => file.close(),
      }
    },
  })
  await journal.append(bytes('before'))
  sick = true
  await expect(journal.append(bytes('unsure'))).rejects.toMatchObject({ code: 'disk-failed' })
  sick = false
  expect(await journal.append(bytes('after'))).toEqual({ segment: 2 })
  await journal.close()
})
