import { Type } from '@sinclair/typebox'
import type { Passage } from '../../engine.ts'
import { defineCheck } from '../check-kind.ts'
import { type CheckContext, callOf } from '../context.ts'
import { word } from '../format/words.ts'
import { printedSpans } from '../span-output.ts'
import { traceIdsOf } from '../traces.ts'
import { fail, type Outcome, pass } from '../verdict.ts'
import { waitFor } from '../wait.ts'
import { type DebugConfig, debugConfig } from './debug-config.ts'
import { explainOutput } from './explain-output.ts'
import { cannotCome } from './not-there.ts'
import { refusedConfig } from './refused-config.ts'
import { fileConfig, runningConfig } from './running-config.ts'

/**
 * What the collector prints. Spans count only when the collector that runs has sent them to a debug exporter, as
 * far as the engine can tell: a line in a log may be anybody's. Whatever config brings them there is right.
 */
export const collectorOutput = defineCheck({
  name: 'collector-output',
  about: "This run's spans, or a text, are in the collector's own output",
  parameters: {
    prints: word(['spans', 'text']),
    text: Type.Optional(Type.String({ description: 'With prints: text, a regular expression' })),
  },
  words: {
    expected: 'a debug exporter in a traces pipeline of the running collector, printing the spans of this run',
    why: 'The collector is the one place that every signal passes',
  },
  lint: ({ prints, text }) => (prints === 'text' && text === undefined ? ['say which text'] : []),
  run: (context, { prints, text }) => (prints === 'spans' ? spansPrinted(context) : textPrinted(context, text!)),
})

const sinceStart = ({ attempt }: CheckContext) => new Date(attempt.startedAt - 1_000)

async function spansPrinted(context: CheckContext): Promise<Outcome> {
  const { lab, attempt } = context
  const ids = await traceIdsOf(context)
  const [first] = ids
  const read = async () => {
    const output = await lab.collector.outputSince(sinceStart(context))
    return output === undefined ? undefined : printedSpans(output, ids)
  }
  const look = async () => {
    const [printed, running, passed] = await Promise.all([read(), runningConfig(lab), passedDebug(context, ids)])
    return printed && { printed, passed, running: running && debugConfig(running) }
  }
  /** Asked for only when it is not there: the file says why, never whether it is right. */
  const explanation = async ({ running }: { running: DebugConfig | undefined }) => {
    const { file, fault } = await fileConfig(lab)
    const runs = running ? running.inTraces.length > 0 : await countsDebug(context)
    return { file: file && debugConfig(file), fault, runs }
  }
  let state = await look()
  if (state === undefined) return unreadable()
  const isThere = (now: NonNullable<typeof state>) =>
    now.printed.traces.size > 0 &&
    now.passed !== 'none' &&
    now.passed !== 'some' &&
    (now.running === undefined || canPrint(now.running))
  // A learner who has not begun is not kept waiting for what cannot come.
  const isHopeless = async (now: NonNullable<typeof state>) => {
    const { file, fault, runs } = await explanation(now)
    if (fault !== undefined) return true
    return now.running === undefined ? file?.inTraces.length === 0 && runs === false : !canPrint(now.running)
  }
  if (!isThere(state) && !(await isHopeless(state))) {
    await waitFor(
      lab,
      { signal: 'trace-by-id', what: "spans in the collector's output" },
      async () => {
        // The output alone is soon read; the rest is asked when it says something.
        if ((await read())?.traces.size === 0) return undefined
        state = (await look())!
        return isThere(state) || undefined
      },
      () => cannotCome(context, 'traces'),
    )
    if (!isThere(state)) state = (await look())!
  }
  const query = first ? `otel-lab logs otel-collector | grep -A4 ${first}` : 'otel-lab logs otel-collector --tail 60'
  const { printed, running, passed } = state
  if (isThere(state)) {
    const traceId = [...printed.traces][0]!
    return pass(`spans of trace ${traceId}`, { query, traceId })
  }
  const { file, fault, runs } = await explanation(state)
  const stale =
    printed.others.size > 0
      ? {
          stale: `spans of other traces are there (such as ${[...printed.others][0]}): not of this attempt, so they do not count`,
        }
      : {}
  if (fault) return refusedConfig(fault, lab.collector.shown, { query, ...stale })
  if (printed.traces.size > 0 && passed === 'some') {
    return fail('some', `the debug exporter has had only some of the spans of run ${attempt.runId}`, {
      why: 'Whoever debugs by a part of what passes takes the rest for lost',
      next: 'Let the pipeline that debug is in drop nothing: name debug beside the exporter that leads to Tempo',
      query,
    })
  }
  if (printed.traces.size > 0 && (passed === 'none' || (running && running.inTraces.length === 0))) {
    return fail(
      'forged',
      `lines that look like spans of run ${attempt.runId} are there, but no debug exporter of the running collector has had them`,
      {
        why: 'Anybody can write lines into a log; what counts is what passed through the collector',
        next: 'otel-lab config patch --add-debug-exporter, then: otel-lab restart otel-collector',
        query,
      },
    )
  }
  return explainOutput({ shown: lab.collector.shown, printed, running, runs, file, query, stale })
}

/** Whether such a config can print spans at all. */
const canPrint = ({ inTraces }: ReturnType<typeof debugConfig>) =>
  inTraces.some(({ verbosity, toLog }) => verbosity !== 'basic' && toLog)

/** How many of the spans of these traces debug exporters have had; undefined when the engine cannot look. */
async function passedDebug(
  { lab, attempt: { runId } }: CheckContext,
  ids: readonly string[],
): Promise<'all' | 'some' | 'none' | undefined> {
  if (lab.tap === undefined || ids.length === 0) return undefined
  const passages = (await lab.tap.passages({ runId, limit: 4_096 })).filter(({ signal }) => signal === 'traces')
  const isDebug = ({ id }: Passage) => id.split('/')[0] === 'debug'
  const sent = passages.filter(({ kind, step }) => kind === 'exporter' && (step === 'sent' || step === 'retrying'))
  const hasOurs = ({ traceIds }: Passage) => traceIds.some((one) => ids.includes(one))
  if (!sent.some((one) => isDebug(one) && hasOurs(one))) return 'none'
  /** Also those whose run id a processor has taken away. */
  const spans = (list: readonly Passage[]) =>
    list.reduce((sum, { byRun, cameAs, items }) => sum + (byRun[runId] ?? (cameAs.includes(runId) ? items : 0)), 0)
  const others = [...new Set(sent.filter((one) => !isDebug(one)).map(({ id }) => id))]
  const came = spans(passages.filter(({ kind, step }) => kind === 'receiver' && step === 'in'))
  // Several pipelines may lead to one exporter, and what is dropped for all is no part of what is sent on.
  const forwarded = Math.min(came, Math.max(0, ...others.map((id) => spans(sent.filter((one) => one.id === id)))))
  return spans(sent.filter(isDebug)) < forwarded ? 'some' : 'all'
}

/** Whether the collector counts spans that a debug exporter had since the attempt began; undefined when it tells none. */
async function countsDebug({ lab, attempt }: CheckContext): Promise<boolean | undefined> {
  const counters = await lab.backends.collector.counters(callOf(lab)).catch(() => undefined)
  if (counters === undefined) return undefined
  const of = (list: typeof counters | undefined) =>
    (list ?? []).filter((one) => one.kind === 'exporter' && one.signal === 'traces' && one.id.split('/')[0] === 'debug')
  return of(counters).some(({ id, sent }) => sent > (of(attempt.before).find((one) => one.id === id)?.sent ?? 0))
}

async function textPrinted(context: CheckContext, text: string): Promise<Outcome> {
  const { lab } = context
  const query = 'otel-lab logs otel-collector --tail 60'
  const pattern = new RegExp(text, 'm')
  const { collector } = lab
  // Where anybody may append to the log file, the process itself is asked.
  const read = () => (collector.saidSince ?? collector.outputSince)(sinceStart(context))
  if ((await read()) === undefined) return unreadable()
  const found = await waitFor(
    lab,
    { signal: 'trace-by-id', what: `/${text}/ in the collector's output` },
    async () => pattern.exec((await read()) ?? '')?.[0],
  )
  return found === undefined
    ? fail('no-text', `the collector has not printed /${text}/ since the attempt began`, { query })
    : pass(found.slice(0, 200), { query })
}

function unreadable(): Outcome {
  return {
    verdict: 'broken',
    case: 'no-logs',
    seen: "this engine does not give the collector's output",
    next: 'Try it on a lab of its own: otel-lab up --engine embedded',
  }
}
