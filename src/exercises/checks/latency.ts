import { Type } from '@sinclair/typebox'
import { defineCheck } from '../check-kind.ts'
import { Way } from '../format/drive.ts'
import { fail, pass } from '../verdict.ts'
import { seconds } from '../wait.ts'
import { notThere } from './not-there.ts'

const WAYS = { 'by-id': 'traces', 'by-search': 'traces', logs: 'logs', metrics: 'metrics' } as const

/** How soon after the end of the program its telemetry was to be seen, as the drive's `watch` noted it. */
export const latency = defineCheck({
  name: 'latency',
  about: 'How long from the end of the program until its telemetry was visible; the drive must watch for it',
  parameters: {
    way: Way,
    below: Type.Optional(Type.Number({ description: 'Seconds that it may take at most', exclusiveMinimum: 0 })),
    above: Type.Optional(Type.Number({ description: 'Seconds that it must take at least', minimum: 0 })),
  },
  words: {
    expected: 'telemetry that shows as soon as the exercise asks for',
    why: 'Anyone who watches an incident looks at the past; this is by how much',
  },
  lint: ({ below, above }) => (below === undefined && above === undefined ? ['give below, above, or both'] : []),
  async run(context, { way, below = Number.POSITIVE_INFINITY, above = 0 }) {
    const { attempt } = context
    const seen = attempt.sightings.find((one) => one.way === way)
    if (seen === undefined) return notThere(context, WAYS[way], 'what was watched for')
    const ms = Math.max(0, seen.at - attempt.endedAt)
    const query = 'otel-lab latency'
    if (ms > below * 1000)
      return fail('too-late', `it took ${seconds(ms)}, more than ${below} s`, {
        next: `See where the time goes: ${query}`,
        query,
      })
    if (ms < above * 1000)
      return fail('too-soon', `it took ${seconds(ms)}, less than ${above} s`, {
        next: `See where the time goes: ${query}`,
        query,
      })
    return pass(`visible ${seconds(ms)} after the end of the program`, { query })
  },
})
