import type { Hop } from '../contract.ts'
import type { Facts } from '../facts.ts'
import { setting, shown, traceparentOf } from '../settings.ts'
import { reachedDoor, seenBy } from '../way.ts'
import { crashIn, lastWords } from '../words.ts'
import { changedBySdk } from './missed.ts'

const KILLED: Record<number, string> = {
  129: 'SIGHUP',
  130: 'SIGINT',
  131: 'SIGQUIT',
  134: 'SIGABRT',
  137: 'SIGKILL',
  139: 'SIGSEGV',
  143: 'SIGTERM',
}
/** No handler of the program's can run before these. */
const AT_ONCE = [134, 137, 139]

/** Did it run to its end? */
export function judgeApp(facts: Facts): Hop {
  const { exitCode, output } = facts.run
  const reached = reachedDoor(facts)
  const hop = 'app' as const
  if (exitCode === undefined) {
    return reached
      ? { hop, state: 'passed', known: [seenBy(facts)], seen: 'it ran: something of it came' }
      : { hop, state: 'unknown', known: [], seen: 'how it ended is not known', next: 'otel-lab run' }
  }
  const by = KILLED[exitCode]
  if (by !== undefined && (AT_ONCE.includes(exitCode) || reached === false)) {
    return {
      hop,
      state: 'dropped',
      ...(reached ? { part: true as const } : {}),
      fault: 'killed',
      blame: 'work',
      known: ['exit code'],
      seen: `the app was killed before it could flush: exit code ${exitCode} (${by})`,
      why: 'The SDK collects in memory and sends in batches; what a killed process still held is gone',
      next: `Let it end by itself, or stop it with SIGTERM and flush in its handler (${exitCode === 137 ? 'kill without -9; is it out of memory?' : 'shutdown() of the providers'})`,
    }
  }
  const crash = exitCode === 0 ? undefined : crashIn(output)
  if (reached === false && exitCode !== 0 && (crash !== undefined || exitCode === 126 || exitCode === 127)) {
    const said = crash ?? lastWords(output)
    return {
      hop,
      state: 'dropped',
      fault: 'crashed',
      blame: 'work',
      known: ['exit code', 'app output'],
      seen: `the app failed with exit code ${exitCode}${said ? `: ${said}` : ''}`,
      why: 'What is never recorded cannot arrive; everything further down waits for it',
      next: 'Mend the program first; its whole output is above, or run it again: otel-lab run -- PROGRAM',
    }
  }
  const ended = by === undefined ? `exit code ${exitCode}` : `exit code ${exitCode}, ${by}`
  return { hop, state: 'passed', known: ['exit code'], seen: `it ran to its end (${ended})` }
}

/** Is the SDK on, for this signal? */
export function judgeSdk(facts: Facts): Hop {
  const { run, signal } = facts
  const hop = 'sdk' as const
  const missed = changedBySdk(facts)
  if (missed) return missed
  if (reachedDoor(facts)) return { hop, state: 'passed', known: [seenBy(facts)], seen: `it recorded ${signal}` }
  const fault = (name: string, seen: string, next: string): Hop => ({
    hop,
    state: 'dropped',
    fault: name,
    blame: 'work',
    known: ['environment'],
    seen,
    why: 'The environment of the shell counts: the SDK reads it when the program starts, and then records or exports nothing',
    next,
  })
  const disabled = setting(run.env, 'OTEL_SDK_DISABLED')
  if (disabled?.value.toLowerCase() === 'true') {
    return fault(
      'sdk-disabled',
      `the SDK is switched off by ${shown(disabled)}`,
      'unset OTEL_SDK_DISABLED, then run it again',
    )
  }
  const file = setting(run.env, 'OTEL_CONFIG_FILE', 'OTEL_EXPERIMENTAL_CONFIG_FILE')
  if (file) {
    return {
      hop,
      state: 'unknown',
      known: ['environment'],
      seen: `the SDK is set up by a file (${shown(file)}): the other OTEL_* variables do not count`,
      next: `Read in ${file.value} where it sends to; or: unset ${file.name}`,
    }
  }
  const other = otherSignals(facts)
  if (other.length > 0) {
    return { hop, state: 'passed', known: ['tap'], seen: `it is on: its ${other.join(' and ')} came to the collector` }
  }
  return {
    hop,
    state: 'unknown',
    known: ['environment'],
    seen: 'nothing in the environment switches it off',
    next: 'Is an SDK set up in the program at all? To see it: OTEL_TRACES_EXPORTER=console, or OTEL_LOG_LEVEL=debug',
  }
}

/** Signals of the same run that did come. */
export function otherSignals({ tap, signal, run }: Facts): string[] {
  const came = (tap?.all ?? []).filter((one) => one.kind === 'receiver' && one.runIds.includes(run.runId))
  return [...new Set(came.map((one) => one.signal))].filter((one) => one !== signal)
}

/** Was the trace sampled, and is it one of its own? Of traces only. */
export function judgeSampler(facts: Facts): Hop {
  const { run } = facts
  const hop = 'sampling' as const
  const reached = reachedDoor(facts)
  const parent = traceparentOf(run.env)
  if (reached) {
    const under = facts.arrival.tops.find(({ parentSpanId, traceId }) => parentSpanId && traceId === parent?.traceId)
    if (parent && under) {
      return {
        hop,
        state: 'changed',
        fault: 'remote-parent',
        blame: 'work',
        known: ['environment', 'backend'],
        seen: `the run joined trace ${parent.traceId}, which TRACEPARENT names: its first span, ${under.name}, hangs below one that is not here, so there is no root`,
        why: 'A program that finds TRACEPARENT goes on with the trace of whoever started it; a search for its own root finds none',
        next: 'unset TRACEPARENT, then run it again',
      }
    }
    return { hop, state: 'passed', known: [seenBy(facts)], seen: 'it was sampled' }
  }
  const sampler = setting(run.env, 'OTEL_TRACES_SAMPLER')
  const arg = setting(run.env, 'OTEL_TRACES_SAMPLER_ARG')
  const fault = (seen: string, next: string, name = 'not-sampled'): Hop => ({
    hop,
    state: 'dropped',
    fault: name,
    blame: 'work',
    known: ['environment'],
    seen,
    why: 'A span that is not sampled is never exported; metrics and logs come all the same',
    next,
  })
  const kind = sampler?.value.toLowerCase() ?? 'parentbased_always_on'
  const based = kind.startsWith('parentbased_')
  if (based && parent && !parent.sampled) {
    return fault(
      `TRACEPARENT=${parent.text} says that its trace is not sampled (its last two digits), and a parent-based sampler follows it`,
      'unset TRACEPARENT, then run it again',
      'parent-not-sampled',
    )
  }
  const root = kind.replace('parentbased_', '')
  if (!(based && parent) && root === 'always_off') {
    return fault(`no trace is sampled: ${shown(sampler!)}`, 'unset OTEL_TRACES_SAMPLER, then run it again')
  }
  const ratio = Number(arg?.value ?? 1)
  if (!(based && parent) && root === 'traceidratio' && ratio < 1) {
    const words = arg ? `${shown(sampler!)} with ${shown(arg)}` : shown(sampler!)
    return fault(
      ratio <= 0
        ? `no trace is sampled: ${words}`
        : `${words} keeps ${Number((ratio * 100).toPrecision(3))} of 100 traces, and this one is not among them`,
      'unset OTEL_TRACES_SAMPLER OTEL_TRACES_SAMPLER_ARG, then run it again',
    )
  }
  return {
    hop,
    state: 'unknown',
    known: ['environment'],
    seen: sampler ? `${shown(sampler)} keeps it` : 'no sampler is set: all traces are kept',
  }
}
