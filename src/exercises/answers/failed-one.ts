import { basename } from 'node:path'
import { type CheckContext, callOf } from '../context.ts'
import type { Failure } from '../failures.ts'
import { fail, type Outcome } from '../verdict.ts'
import { readId } from './read/id.ts'
import { readName } from './read/name.ts'
import { unreadable } from './shared.ts'

interface Named {
  file: string | undefined
  trace: string | undefined
}

/** The failures that a file's name, a trace's id or both of them mean; or what is wrong with these. */
export async function whoIsMeant(
  context: CheckContext,
  failures: readonly Failure[],
  { file, trace }: Named,
): Promise<Failure[] | Outcome> {
  const byTrace = trace === undefined ? [...failures] : await ofTrace(context, failures, trace)
  if (!Array.isArray(byTrace) || file === undefined) return byTrace
  const { attempt } = context
  const all = [...failures.map((one) => one.file), ...attempt.said.flatMap((line) => line.file ?? [])]
  const name = readName(file, [...new Set(all.map((path) => basename(path)))])
  if (!name.ok) return unreadable(context, 'file', file, name)
  const meant = byTrace.filter((one) => basename(one.file) === name.value)
  if (meant.length > 0) return meant
  const shown = { ...shownFor(context), about: ['file'] }
  if (name.value !== undefined && !failures.some((one) => basename(one.file) === name.value)) {
    return fail('healthy', `${file} was processed well in this run; ${failures.length} others failed`, shown)
  }
  if (name.value !== undefined) {
    return fail('other-trace', `trace ${trace} is not the one of ${name.value}`, {
      why: 'Each file has a trace of its own; one of the two answers is of another file',
      ...shown,
      about: ['file', 'trace'],
    })
  }
  return fail('no-such-file', `${file} is not among the files that failed in run ${attempt.runId}`, {
    why: 'Which scans break is another each time. An answer counts for the attempt that it was read from',
    ...shown,
  })
}

async function ofTrace(
  context: CheckContext,
  failures: readonly Failure[],
  trace: string,
): Promise<Failure[] | Outcome> {
  const { lab, attempt } = context
  const given = readId(trace, 'trace', [...attempt.traces, ...failures.map(({ traceId }) => traceId)])
  if (!given.ok) return unreadable(context, 'trace', trace, given)
  const { id, digits } = given.value
  const meant = failures.filter(({ traceId }) => traceId === id)
  if (meant.length > 0) return meant
  const shown = { ...shownFor(context), about: ['trace'] }
  if (id !== undefined) return fail('healthy', `trace ${id} is of this run, but nothing in it failed`, shown)
  const old = digits.length === 32 ? await lab.backends.tempo.traceById(digits, callOf(lab)) : undefined
  const run = old?.spans[0]?.resource['otel_lab.run.id']
  if (run !== undefined) {
    return fail('stale', `trace ${digits} is of run ${run}, an earlier one; this attempt is run ${attempt.runId}`, {
      why: 'Which scans break, and how, is another each time: an old answer may be wrong today',
      ...shown,
    })
  }
  return fail('no-such-trace', `no trace of run ${attempt.runId} begins with ${digits}`, shown)
}

function shownFor({ attempt, exercise }: CheckContext) {
  const query = `otel-lab query tempo '{resource.otel_lab.run.id="${attempt.runId}" && status=error}'`
  return { query, next: `Find one that failed: ${query}\nor begin anew: otel-lab exercise ${exercise.number} --check` }
}
