import { basename, dirname, join } from 'node:path'
import { Type } from '@sinclair/typebox'
import { defineAnswer } from '../answer-kind.ts'
import type { CheckContext } from '../context.ts'
import { type Failure, failuresOf } from '../failures.ts'
import type { Outcome } from '../verdict.ts'
import { whoIsMeant } from './failed-one.ts'
import { type Cause, gradeReason } from './reason/grade.ts'
import { loadVocabulary } from './reason/vocabulary.ts'
import { gone, missing, outcomeOf } from './shared.ts'

/** Which file failed (by its name or its trace), and why, against what Tempo says of this attempt. */
export const failure = defineAnswer({
  as: 'failure',
  about: 'Which file failed (answers file or trace) and why, against the error that its trace carries',
  parameters: {
    vocabulary: Type.String({
      description: 'How people say it: exercises/vocabulary/NAME.yaml, of the course or of otel-lab',
      pattern: '^[a-z0-9-]+$',
    }),
  },
  async grade(context, spec, how, reason) {
    // Taken back is not given.
    const [file, trace] = ['file', 'trace'].map((key) => context.answers[key] || undefined)
    if (file === undefined && trace === undefined) return missing(context, spec)
    const failures = await failuresOf(context)
    if (failures.length === 0) return gone(context)
    const meant = await whoIsMeant(context, failures, { file, trace })
    if (!Array.isArray(meant)) return meant
    return why(context, meant, failures, how.vocabulary, reason)
  },
})

async function why(
  { exercise }: CheckContext,
  meant: Failure[],
  failures: Failure[],
  name: string,
  reason: string,
): Promise<Outcome> {
  const vocabulary = await loadVocabulary(name, join(dirname(exercise.folder), 'vocabulary'))
  const grades = meant.map((one) => {
    const others = failures.filter((other) => other !== one).map(causeOf)
    return { one, grade: gradeReason(reason, causeOf(one), others, vocabulary) }
  })
  // One file may have failed in two traces.
  const { one, grade } = grades.find((each) => each.grade.grade === 'right') ?? grades[0]!
  const query = `otel-lab trace ${one.traceId}`
  const next = `Read the message of the failed span, or the ERROR line of the same trace: ${query}`
  const seen = `${basename(one.file)} failed in ${one.span.name}: ${one.message}`
  return outcomeOf(grade.grade === 'right' ? { ...grade, seen } : grade, { query, next, traceId: one.traceId })
}

const causeOf = ({ file, type, message }: Failure): Cause => ({ name: basename(file), type, message })
