import { expect, test } from 'vitest'
import type { ExerciseLab } from '../../src/exercises/lab.ts'
import { openOutages } from '../../src/exercises/outage.ts'

/** What a drive did to the lab, in order. */
function watched(signal?: AbortSignal) {
  const did: string[] = []
  const services = {
    stop: async (name: string) => void did.push(`stop ${name}`),
    start: async (name: string) => void did.push(`start ${name}`),
  }
  const lab = { engine: 'embedded', services, now: Date.now, onWait() {}, ...(signal ? { signal } : {}) }
  return { did, outages: openOutages(lab as unknown as ExerciseLab, ({ text }) => did.push(text)) }
}

test('what a drive stops runs again at the end, also where the drive forgets it', async () => {
  const { did, outages } = watched()
  await outages.act({ stop: 'tempo' })
  await outages.act({ stop: 'loki' })
  await outages.act({ start: 'tempo' })
  // What is not stopped is not started anew: that would be an outage of its own.
  await outages.act({ start: 'prometheus' })
  await outages.end()
  await outages.end()
  expect(did.filter((one) => /^st/.test(one))).toEqual(['stop tempo', 'stop loki', 'start tempo', 'start loki'])
})

test('an interrupted wait ends at once, and what is stopped runs again', async () => {
  const abort = new AbortController()
  const { did, outages } = watched(abort.signal)
  await outages.act({ stop: 'tempo' })
  const waiting = outages.act({ wait: 60 })
  abort.abort(new Error('interrupted'))
  await expect(waiting).rejects.toThrow()
  await outages.end()
  expect(did).toContain('start tempo')
})

test('an engine that cannot stop one component says so', async () => {
  const lab = { engine: 'docker', now: Date.now, onWait() {} } as unknown as ExerciseLab
  await expect(openOutages(lab, () => {}).act({ stop: 'tempo' })).rejects.toMatchObject({ code: 'cannot-stop' })
})
