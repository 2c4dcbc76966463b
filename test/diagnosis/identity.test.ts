import { expect, test } from 'vitest'
import type { Facts } from '../../src/diagnosis/facts.ts'
import { identityChange } from '../../src/diagnosis/hops/identity.ts'
import type { Tally } from '../../src/diagnosis/way.ts'

const facts = { signal: 'traces', run: { runId: 'r1' } } as unknown as Facts
const passages = (...list: [step: 'in' | 'out', services: string[]][]) =>
  ({
    passages: list.map(([step, services], seq) => ({ step, services, seq, runIds: ['r1'], cameAs: ['r1'] })),
    taggedIn: 2,
    taggedOut: 2,
    out: 2,
  }) as unknown as Tally

const change = async (...list: Parameters<typeof passages>) =>
  (await identityChange(facts, 'batch', passages(...list)))?.seen

test('a run of two services is renamed by nobody, however its payloads are gathered', async () => {
  expect(await change(['in', ['console']], ['in', ['scanner']], ['out', ['console', 'scanner']])).toBeUndefined()
  expect(await change(['in', ['scanner']], ['in', ['scanner']], ['out', ['scanner']])).toBeUndefined()
  // One of them waits in a batch still.
  expect(await change(['in', ['console']], ['in', ['scanner']], ['out', ['console']])).toBeUndefined()
  // What other programs sent goes along.
  expect(await change(['in', ['console']], ['out', ['clinic', 'console']])).toBeUndefined()
})

test('what went as another service was renamed, and what went as none lost its name', async () => {
  expect(await change(['in', ['console']], ['in', ['scanner']], ['out', ['archive', 'scanner']])).toBe(
    'batch renamed service.name: console is now archive',
  )
  expect(await change(['in', ['console']], ['out', []])).toBe('batch took service.name away (it was console)')
})
