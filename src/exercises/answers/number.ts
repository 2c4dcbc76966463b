import { Type } from '@sinclair/typebox'
import { defineAnswer } from '../answer-kind.ts'
import { notThere } from '../checks/not-there.ts'
import { settling } from '../checks/query-check.ts'
import { allows } from '../expect.ts'
import { text, word } from '../format/words.ts'
import { ask, byHand, type Row, SIGNAL_OF, VISIBLE_OF } from '../query.ts'
import { fail, pass } from '../verdict.ts'
import { waitFor } from '../wait.ts'
import { readCount, readPercent, readSize } from './read/amount.ts'
import { readDuration } from './read/duration.ts'
import type { Read } from './read/read.ts'
import { unreadable } from './shared.ts'
import { withinAttempt } from './times.ts'

/** A count, a share, a size or a duration, judged by what a query gives for this attempt. */
export const number = defineAnswer({
  as: 'number',
  about: 'A number, graded against what a query gives for this attempt',
  parameters: {
    of: word(
      ['count', 'percent', 'size', 'duration'],
      'How it is read; a duration is compared in seconds, a size in bytes',
    ),
    language: word(['traceql', 'promql', 'logql']),
    reference: text('A query that gives the right number; it must name this attempt by ${run} or ${trace}'),
    take: Type.Optional(
      word(['value', 'rows', 'sum'], 'The value of its only row, how many rows, or the sum of their values'),
    ),
    tolerance: Type.Optional(
      Type.Union([Type.Number({ minimum: 0 }), Type.String({ pattern: '^\\d+(\\.\\d+)?%$' })], {
        description: 'How far it may be off: a number, or a share such as 5%',
      }),
    ),
  },
  lint: ({ reference }) =>
    /\$\{(run|trace)\}/.test(reference)
      ? []
      : [`the reference must name this attempt by \${run} or \${trace}: ${reference}`],
  async grade(context, spec, how, answer) {
    const { attempt, lab } = context
    const READERS: Record<typeof how.of, () => Read<number>> = {
      count: () => readCount(answer),
      percent: () => readPercent(answer),
      size: () => readSize(answer),
      duration: () => inSeconds(readDuration(answer, { within: withinAttempt(attempt) })),
    }
    const read = READERS[how.of]()
    if (!read.ok) return unreadable(context, spec.answer, answer, read)
    const query = byHand(how.language, how.reference)
    const signal = VISIBLE_OF[how.language]
    const { tolerance = how.of === 'duration' ? '5%' : 0 } = how
    const settled = settling(context, signal)
    // What may still grow is waited for: a part of it is no right answer.
    const isOld = lab.now() - attempt.endedAt > lab.deadline(signal)
    const is = await waitFor(lab, { signal, what: 'what the number is about' }, async () => {
      const rows = await ask(context, how.language, how.reference)
      if (rows.length === 0) return undefined
      const now = taken(rows, how.take)
      return isOld || settled(String(now)) ? now : undefined
    })
    if (is === undefined)
      return { ...(await notThere(context, SIGNAL_OF[how.language], 'what the number is about')), query }
    if (allows({ is, tolerance }, read.value)) return pass(`${answer}: right`, { query })
    // MB for MiB: the number is right, its unit is not.
    const binary =
      how.of === 'size' &&
      allows({ is, tolerance: '1%' }, (read.value * 1024 ** power(read.value)) / 1000 ** power(read.value))
    return binary
      ? fail('unit', `${answer} counts in thousands, and the number fits only if 1024 are meant`, {
          next: 'Write KiB, MiB or GiB',
          free: true,
        })
      : fail('wrong', `${answer} is not what this attempt gives`, { next: 'Ask for it by a query that names this run' })
  },
})

function inSeconds(read: Read<number>): Read<number> {
  return read.ok ? { ok: true, value: read.value / 1000 } : read
}

const power = (bytes: number) => Math.floor(Math.log(bytes) / Math.log(1000))

function taken(rows: readonly Row[], take: 'value' | 'rows' | 'sum' = 'value'): number {
  if (take === 'rows') return rows.length
  if (take === 'sum') return rows.reduce((sum, { value = 0 }) => sum + value, 0)
  return rows[0]!.value ?? Number.NaN
}
