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
  const damages: { file: string; lostBytes: number; keptIn?: string }[] = []
  const journal = await openJournal(folder, {
    onRecord: (record) => records.push(new TextDecoder().decode(record)),
    onTruncated: (cut) => cuts.push(cut),
    onDamaged: (damage) => damages.push(damage),
  })
  await journal.close()
  return { records, cuts, damages }
}

test('what was appended is there after reopening, in order', async () => {
  const journal = await openJournal(dir)
  await Promise.all(Array.from({ length: 3000 }, (_, i) => journal.append(() => bytes(`record ${i}`))))
  await journal.append(() => new Uint8Array(0))
  await journal.close()
  const { records, cuts } = await replay(dir)
  expect(records).toEqual([...Array.from({ length: 3000 }, (_, i) => `record ${i}`), ''])
  expect(cuts).toEqual([])
})

test('cut at any byte, the whole records before the cut survive and the loss is reported', async () => {
  const journal = await openJournal(dir)
  const written = ['one', '', 'three', 'a longer fourth record']
  for (const text of written) await journal.append(() => bytes(text))
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

test('a tail of zeros is cut, and appending goes on after it', async () => {
  const journal = await openJournal(dir)
  await journal.append(() => bytes('one'))
  await journal.close()
  const file = join(dir, '00000001.log')
  await writeFile(file, Buffer.concat([await readFile(file), Buffer.alloc(64)]))
  const again = await openJournal(dir)
  await again.append(() => bytes('after'))
  await again.close()
  expect((await replay(dir)).records).toEqual(['one', 'after'])
})

test.each([1, 7, 8, 9, 16, 40])(
  '%i damaged bytes anywhere cost only the records that they are in; they are kept beside the file, and told',
  async (width) => {
    const written = Array.from({ length: 12 }, (_, i) => `record ${i} ${'x'.repeat(i * 3)}`)
    const journal = await openJournal(dir, { sync: false })
    for (const text of written) await journal.append(() => bytes(text))
    await journal.close()
    const file = join(dir, '00000001.log')
    const whole = await readFile(file)
    const begins = written.map((_, i) => written.slice(0, i).reduce((sum, text) => sum + 8 + text.length, 0))
    for (let at = 0; at + width < begins.at(-1)!; at += 11) {
      const folder = await mkdtemp(join(dir, 'damaged-'))
      const bad = Buffer.from(whole)
      for (let i = at; i < at + width; i++) bad[i]! ^= 0xa5
      await writeFile(join(folder, '00000001.log'), bad)
      const hit = written.filter((text, i) => begins[i]! < at + width && begins[i]! + 8 + text.length > at)
      const { records, damages } = await replay(folder)
      expect(records).toEqual(written.filter((text) => !hit.includes(text)))
      expect(damages).toEqual([
        {
          file: join(folder, '00000001.log'),
          lostBytes: hit.reduce((sum, text) => sum + 8 + text.length, 0),
          keptIn: join(folder, '00000001.log.damaged'),
        },
      ])
      const from = begins[written.indexOf(hit[0]!)]!
      expect(await readFile(damages[0]!.keptIn!)).toEqual(bad.subarray(from, from + damages[0]!.lostBytes))
      const again = await openJournal(folder, { sync: false })
      await again.append(() => bytes('after'))
      await again.close()
      const second = await replay(folder)
      expect(second).toEqual({ records: [...records, 'after'], cuts: [], damages: [] })
    }
  },
)

test('a record asks which segment it is in, also where a rotation comes between', async () => {
  const journal = await openJournal(dir, { sync: false })
  const said: number[] = []
  const mark = () => journal.append((segment) => Uint8Array.of(said.push(segment) && segment))
  const all = Promise.all([mark(), journal.rotate(), mark(), mark(), journal.rotate(), mark()])
  await all
  await Promise.all([journal.rotate(), mark()])
  await journal.close()
  const where: [number, number][] = []
  const again = await openJournal(dir, { onRecord: (record, segment) => where.push([record[0]!, segment]) })
  await again.close()
  expect(where).toHaveLength(5)
  for (const [written, found] of where) expect(written).toBe(found)
})

test('segments begin by size and by rotate, and can be dropped', async () => {
  const journal = await openJournal(dir, { segmentBytes: 40, sync: false })
  const segments: number[] = []
  for (let i = 0; i < 5; i++) segments.push((await journal.append(() => new Uint8Array(20))).segment)
  expect(segments).toEqual([1, 1, 2, 2, 3])
  expect(await journal.rotate()).toBe(4)
  expect(await journal.rotate()).toBe(4)
  expect((await journal.append(() => bytes('x'))).segment).toBe(4)
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
    await journal.append(() => bytes('before'))
    sick = true
    await expect(journal.append(() => bytes('lost'))).rejects.toMatchObject({ code: told })
    expect((await stat(join(dir, '00000001.log'))).size).toBe(8 + 6)
    sick = false
    await journal.append(() => bytes('after'))
    await journal.close()
    await expect(journal.append(() => bytes('late'))).rejects.toMatchObject({ code: 'journal-closed' })
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
  await journal.append(() => bytes('before'))
  sick = true
  await expect(journal.append(() => bytes('unsure'))).rejects.toMatchObject({ code: 'disk-failed' })
  sick = false
  expect(await journal.append(() => bytes('after'))).toEqual({ segment: 2 })
  await journal.close()
})
