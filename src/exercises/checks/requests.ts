import { Type } from '@sinclair/typebox'
import type { Passage } from '../../engine.ts'
import { defineCheck } from '../check-kind.ts'
import { allows, amountInWords } from '../expect.ts'
import { word } from '../format/words.ts'
import { fail, pass } from '../verdict.ts'
import { waitFor } from '../wait.ts'
import { cannotCome, notThere } from './not-there.ts'

const LIVE = { traces: 'trace-by-id', metrics: 'metrics', logs: 'logs' } as const
/** The program has ended: what is still to come from it is on its way already. */
const SETTLED_MS = 2_000

export const requests = defineCheck({
  name: 'requests',
  about: 'In how many requests a signal of this run came to the collector, or left it for a backend',
  parameters: {
    signal: word(['traces', 'metrics', 'logs']),
    at: Type.Optional(word(['receiver', 'exporter'], 'Where they are counted; as they come in unless said')),
    min: Type.Optional(Type.Integer({ minimum: 1 })),
    max: Type.Optional(Type.Integer({ minimum: 1 })),
  },
  words: {
    expected: 'as many requests as the exercise asks for',
    why: 'Each request costs both sides something, whatever it carries',
  },
  lint: ({ min, max }) => (min === undefined && max === undefined ? ['name min, max or both'] : []),
  async run(context, { signal, at = 'receiver', min, max }) {
    const { lab, attempt } = context
    const { tap } = lab
    const query = 'otel-lab flow'
    if (tap === undefined) {
      const seen = 'this engine cannot look inside its collector'
      return { verdict: 'broken', case: 'no-tap', seen, next: 'otel-lab up --engine embedded' }
    }
    const isOne = ({ kind, step, signal: of, byRun }: Passage) =>
      of === signal && kind === at && step === (at === 'receiver' ? 'in' : 'sent') && (byRun[attempt.runId] ?? 0) > 0
    let seen = 0
    let since = lab.now()
    const count = await waitFor(
      lab,
      { signal: LIVE[signal], what: `requests with ${signal} of the run` },
      async () => {
        const passages = await tap.passages({ runId: attempt.runId, limit: 4_096 })
        const found = passages.filter(isOne).length
        if (found !== seen) since = lab.now()
        seen = found
        return found > 0 && lab.now() - since >= SETTLED_MS ? found : undefined
      },
      async () => seen === 0 && (await cannotCome(context, signal)),
    )
    if (count === undefined) return { ...(await notThere(context, signal, `${signal} of this run`)), query }
    const bounds = { ...(min === undefined ? {} : { min }), ...(max === undefined ? {} : { max }) }
    const where = at === 'receiver' ? 'came to the collector' : 'left it'
    const words = `the ${signal} of this run ${where} in ${count === 1 ? '1 request' : `${count} requests`}`
    if (allows(bounds, count)) return pass(words, { query })
    return fail(max !== undefined && count > max ? 'many' : 'few', `${words}, not ${amountInWords(bounds)}`, { query })
  },
})
