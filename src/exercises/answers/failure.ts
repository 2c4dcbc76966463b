import { basename } from 'node:path'
import { Type } from '@sinclair/typebox'
import { defineAnswer } from '../answer-kind.ts'
import { stems } from '../answers.ts'
import { type CheckContext, callOf } from '../context.ts'
import { type Failure, failuresOf } from '../failures.ts'
import { fail, type Outcome, pass } from '../verdict.ts'
import { missing } from './shared.ts'

/** Which file failed (by its name or its trace), and why, against what Tempo says of this attempt. */
export const failure = defineAnswer({
  as: 'failure',
  about: 'Which file failed (answers file or trace) and why, against the error that its trace carries',
  parameters: {
    words: Type.Optional(
      Type.Record(Type.String(), Type.Array(Type.String()), {
        description: 'Kind of failure (error.type) -> words that name it; all words of one entry must be there',
      }),
    ),
  },
  async grade(context, spec, how, reason) {
    const { lab, attempt, answers } = context
    const { file, trace } = answers
    if (file === undefined && trace === undefined) return missing(context, spec)
    const failures = await failuresOf(context)
    if (failures.length === 0) {
      return fail('trace-gone', `Tempo does not have the failed traces of run ${attempt.runId} (any more)`, {
        why: 'An answer is judged by the telemetry of its own attempt, and by no other',
        next: `Make a new attempt: otel-lab exercise ${context.exercise.number} --check`,
      })
    }
    const meant = failures.filter((one) => isMeant(one, file, trace))
    if (meant.length === 0) return notAmong(context, failures, lab)
    const right = meant.find((one) => explains(reason, one, how))
    const query = `otel-lab trace ${meant[0]!.traceId}`
    if (right) {
      return pass(`${basename(right.file)} failed in ${right.span.name}: ${right.message}`, {
        query,
        traceId: right.traceId,
      })
    }
    return wrongReason(reason, meant[0]!, failures, how, query)
  },
})

interface Words {
  words?: Record<string, string[]>
}

/** `sub-003`, `sub-003_T1w.nii.gz`, a whole path, `3`; the first digits of a trace id suffice. */
function isMeant(failure: Failure, file: string | undefined, trace: string | undefined): boolean {
  if (trace !== undefined) {
    const id = trace.trim().toLowerCase()
    if (id.length < 6 || !failure.traceId.startsWith(id)) return false
  }
  if (file === undefined) return true
  const name = basename(failure.file).toLowerCase()
  const typed = basename(file.trim()).toLowerCase()
  const number = /^(?:sub-?)?0*(\d+)$/.exec(typed)?.[1]
  if (number !== undefined) return new RegExp(`\\b0*${number}(?:_|\\.|$)`).test(name)
  return typed.length >= 3 && (name === typed || name.startsWith(typed))
}

/** By a word for this kind of failure, or by enough of the words of its own message. */
function explains(reason: string, failure: Failure, how: Words): boolean {
  return fits(reason, failure.type, how) || sharesWords(reason, failure.message)
}

function fits(reason: string, type: string, how: Words): boolean {
  const given = stems(reason)
  const said = [type, ...(how.words?.[type] ?? [])].filter((words) => words !== '')
  return said.some((words) => stems(words).every((word) => given.includes(word)))
}

const EMPTY = new Set('the and for with that this its has was not are but only from file scan'.split(' '))

function sharesWords(reason: string, message: string): boolean {
  const telling = (text: string) => new Set(stems(text).filter((word) => word.length > 2 && !EMPTY.has(word)))
  const said = telling(message)
  const shared = [...telling(reason)].filter((word) => said.has(word))
  return shared.length >= Math.max(2, Math.ceil(said.size / 3))
}

async function notAmong(
  { attempt, answers, exercise }: CheckContext,
  failures: Failure[],
  lab: CheckContext['lab'],
): Promise<Outcome> {
  const { file, trace } = answers
  const query = `otel-lab query tempo '{resource.otel_lab.run.id="${attempt.runId}" && status=error}'`
  const next = `Find one that failed: ${query}`
  if (trace !== undefined && /^[0-9a-f]{6,32}$/i.test(trace.trim())) {
    const id = trace.trim().toLowerCase()
    if (attempt.traces.some((one) => one.startsWith(id))) {
      return fail('healthy', `trace ${trace} is of this run, but nothing in it failed`, { next, query })
    }
    const old = id.length === 32 ? await lab.backends.tempo.traceById(id, callOf(lab)) : undefined
    const run = old?.spans[0]?.resource['otel_lab.run.id']
    if (run !== undefined) {
      return fail('stale', `trace ${trace} is of run ${run}, an earlier one; this attempt is run ${attempt.runId}`, {
        why: 'Which scans break, and how, is another each time: an old answer may be wrong today',
        next,
        query,
      })
    }
    return fail('no-such-trace', `no trace of run ${attempt.runId} begins with ${trace}`, { next, query })
  }
  if (
    file !== undefined &&
    attempt.said.some((line) => line.file && isMeant({ file: line.file, traceId: '' } as Failure, file, undefined))
  ) {
    return fail('healthy', `${file} was processed well in this run; ${failures.length} others failed`, { next, query })
  }
  return fail('no-such-file', `${file ?? trace} is not among the files that failed in run ${attempt.runId}`, {
    why: 'Which scans break is another each time. An answer counts for the attempt that it was read from',
    next: `${next}\nor begin anew: otel-lab exercise ${exercise.number} --check`,
    query,
  })
}

const EMPTY_REASON =
  /^\W*(an? |the |it )?(error|fail\w*|crash\w*|broken?|bad|wrong|exception|unknown|bug)( file| scan)?\W*$/i

function wrongReason(reason: string, failure: Failure, failures: Failure[], how: Words, query: string): Outcome {
  const file = basename(failure.file)
  const other = failures.find((one) => one !== failure && explains(reason, one, how))
  if (EMPTY_REASON.test(reason)) {
    return fail('only-that', `"${reason}" says that ${file} failed, not why`, {
      next: `Read the message of the failed span: ${query}`,
      query,
    })
  }
  if (other) {
    return fail('other-file', `"${reason}" is how ${basename(other.file)} failed, not ${file}`, {
      why: 'Several files failed, each in its own way; the trace id keeps their stories apart',
      next: `Follow this one: ${query}`,
      query,
    })
  }
  return fail('wrong', `"${reason}" is not why ${file} failed`, {
    next: `Read the message of the failed span, or the ERROR line of the same trace: ${query}`,
    query,
  })
}
