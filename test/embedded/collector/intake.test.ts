import { mkdtemp, readdir, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { ConsumerError, type Payload } from '../../../src/embedded/collector/component.ts'
import { partOf } from '../../../src/embedded/collector/delivery.ts'
import { openIntake } from '../../../src/embedded/collector/intake.ts'
import { openJournal } from '../../../src/embedded/journal.ts'
import { requestFromJson } from '../../../src/otlp/json.ts'
import type { Span } from '../../../src/otlp/types.ts'
import { spans, until } from './support.ts'

let dir: string
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'intake-'))
})
afterEach(() => rm(dir, { recursive: true, force: true }))

const fail = (message: string) => {
  throw new Error(message)
}
const request = (name: string) => requestFromJson('traces', spans(name))
const nameOf = ({ data }: Payload) => (data[0]!.scopes[0]!.items[0] as Span).name

async function recordsLeft(): Promise<number> {
  let records = 0
  const journal = await openJournal(dir, { onRecord: () => records++ })
  await journal.close()
  return records
}

/** What a process that is killed leaves: the journal is not closed. */
async function crashed(names: string[], delivered: string[]): Promise<void> {
  const intake = await openIntake(dir, fail)
  const accept = intake.wrap((payload) => {
    if (delivered.includes(nameOf(payload))) payload.delivery.release()
  })
  for (const name of names) await accept('traces', request(name))
  await until(async () => (await recordsLeft()) === names.length + (delivered.length > 0 ? 1 : 0))
}

test('after a crash what was accepted and not delivered is sent again, and only that', async () => {
  await crashed(['a', 'b', 'c'], ['b'])
  const intake = await openIntake(dir, fail)
  const got: string[] = []
  const traces = (payload: Payload) => {
    got.push(nameOf(payload))
    payload.delivery.release()
  }
  expect(await intake.replay({ traces })).toBe(2)
  expect(got).toEqual(['a', 'c'])
  await intake.close()
  expect(await recordsLeft()).toBe(0)
})

test('what a pipeline has no room for yet is offered again, and survives a stop before that', async () => {
  await crashed(['a'], [])
  const intake = await openIntake(dir, fail)
  let tries = 0
  const replay = intake.replay({
    traces: () => {
      tries++
      throw new ConsumerError('sending queue is full', { permanent: false })
    },
  })
  await until(() => tries > 1)
  await intake.close()
  expect(await replay).toBe(0)
  expect(await recordsLeft()).toBe(1)
})

test('a request that a pipeline refuses is not kept', async () => {
  const intake = await openIntake(dir, fail)
  const accept = intake.wrap(() => {
    throw new ConsumerError('data refused due to high memory usage', { permanent: false })
  })
  await expect(accept('traces', request('a'))).rejects.toThrow('high memory usage')
  await intake.close()
  expect(await recordsLeft()).toBe(0)
})

test('a request that waits for long does not keep on disk what came after it, and knows who is done with it', async () => {
  const intake = await openIntake(dir, fail)
  const held: Payload[] = []
  const accept = intake.wrap((payload) => {
    if (nameOf(payload) !== 'held') return payload.delivery.release()
    payload.delivery.retain()
    partOf(payload.delivery, 'done').release()
    held.push(payload)
  })
  const big = Buffer.alloc(4 << 20, 'x')
  await accept('traces', request('held'))
  for (let i = 0; i < 24; i++) await accept('traces', request(`big ${i}`), big)
  const bytes = async () => {
    let sum = 0
    for (const name of await readdir(dir)) sum += (await stat(join(dir, name))).size
    return sum
  }
  await accept('traces', request('last'))
  await until(async () => (await bytes()) < 64 << 20)
  await intake.close()
  const again = await openIntake(dir, fail)
  const got: [string, string[]][] = []
  await again.replay({
    traces: (payload) => {
      got.push([nameOf(payload), [...payload.delivery.settled]])
      payload.delivery.release()
    },
  })
  expect(got).toEqual([['held', ['done']]])
  await again.close()
})
