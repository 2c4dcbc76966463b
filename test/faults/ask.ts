import { setTimeout as sleep } from 'node:timers/promises'
import { type Diagnosis, diagnose, type Hop } from '../../src/diagnosis.ts'
import { fillIn, type Places } from '../../src/faults/plan.ts'
import { readRecord } from '../../src/faults/record.ts'
import { type Fault, SIGNALS, type Signal } from '../../src/faults.ts'
import { diagnosisPorts } from '../../src/lab/diagnosis-ports.ts'
import type { ReplayLab, Run } from './lab.ts'

export interface Asked {
  /** The hop that the diagnosis says is broken, by signal; `-` where it says none. */
  hops: Partial<Record<Signal, string>>
  /** What it said of each. */
  said: Partial<Record<Signal, string>>
  /** Words that it had to say of every broken signal, and did not. */
  unsaid: string[]
  /** Words that mislead. */
  misled: string[]
  /** Signals that came out, of which it says that they are broken. */
  blamed: string[]
}

/** A timeout of the way may have to pass before anybody can know: the collector's exporters wait 5 s for an answer. */
const SURE_MS = 9_000

/**
 * What the diagnosis says of a run: as soon as it names a hop for all that is broken. Blind, it may not look into the
 * collector, as with docker and elsewhere.
 */
export async function ask(
  lab: ReplayLab,
  fault: Fault,
  run: Run,
  env: Record<string, string>,
  { blind = false } = {},
): Promise<Asked> {
  const { tap, ...engine } = lab.engine
  const ports = diagnosisPorts({
    workspace: lab.faults.workspace,
    engine: blind || tap === undefined ? engine : lab.engine,
    endpoints: await lab.engine.endpoints(),
    env,
  })
  const observed = { ...run, output: run.lines, traceIds: run.traces, env }
  const until = Date.now() + SURE_MS
  const missed = fault.loses === 'all' || fault.loses === 'answer' ? undefined : fault.loses
  while (true) {
    const all = await Promise.all(SIGNALS.map((signal) => diagnose(ports, observed, signal, missed)))
    const named = all.every((one) => !fault.signals.includes(one.signal) || guilty(fault, one) !== undefined)
    if (named || Date.now() > until) return summed(fault, all, (await readRecord(lab.faults))?.places ?? {})
    await sleep(500)
  }
}

/** Another name is a choice, not a fault: it is to be told as changed, not as broken. */
const guilty = ({ loses }: Fault, { broken, hops }: Diagnosis): Hop | undefined =>
  broken ?? (loses === 'name' ? hops.find(({ state }) => state === 'changed') : undefined)

function summed(fault: Fault, all: readonly Diagnosis[], places: Places): Asked {
  const asked: Asked = { hops: {}, said: {}, unsaid: [], misled: [], blamed: [] }
  const words = (list: readonly string[]) => list.map((word) => fillIn(word, places))
  for (const diagnosis of all) {
    const { signal } = diagnosis
    const hop = guilty(fault, diagnosis)
    const text = textOf(hop)
    asked.hops[signal] = hop?.hop ?? '-'
    // Where it names none, what it saw at each hop tells why not.
    asked.said[signal] = hop ? text : diagnosis.hops.map(textOf).join('\n')
    if (fault.signals.includes(signal)) {
      asked.unsaid.push(...words(fault.words.must).filter((word) => !isSaid(text, word)))
      asked.misled.push(...words(fault.words.never ?? []).filter((word) => isSaid(text, word)))
      // A change of all that passes a processor is one of every signal.
    } else if (hop && hop.state !== 'changed') asked.blamed.push(`${signal}: ${hop.hop}`)
  }
  return asked
}

export interface Consulted {
  /** Whether it says that nothing is wrong. */
  healthy: boolean
  /** Words that its findings lack. */
  unsaid: string[]
  misled: string[]
}

/** What `otel-lab doctor` says in the same shell. */
export async function consult(lab: ReplayLab, fault: Fault, env: Record<string, string>): Promise<Consulted> {
  const places = (await readRecord(lab.faults))?.places ?? {}
  // What is done to a Node program would be done to the doctor too.
  const { NODE_OPTIONS: _, ...shell } = env
  const { code, stdout, stderr } = await lab.cli(['doctor', '--json'], shell)
  const { healthy, findings } = JSON.parse(stdout || '{}') as Partial<DoctorSays>
  if (healthy === undefined || findings === undefined) throw new Error(`doctor ended with ${code}: ${stdout}${stderr}`)
  const bad = findings.filter(({ state }) => state !== 'ok')
  const text = bad.map(({ title, seen, why, next }) => [title, seen, why, next].filter(Boolean).join(' | ')).join('\n')
  const words = (list: readonly string[] = []) => list.map((word) => fillIn(word, places))
  return {
    healthy,
    unsaid: words(fault.words.must).filter((word) => !isSaid(text, word)),
    misled: words(fault.words.never).filter((word) => isSaid(text, word)),
  }
}

/** What `otel-lab query` says to a wrong query of this run, and whether the right one finds it. */
export async function query(lab: ReplayLab, fault: Fault, run: Run): Promise<Asked> {
  const type = (args: readonly string[] = []) =>
    lab.cli(['query', ...args.map((text) => fillIn(text, { run: run.runId }))], { COLUMNS: '200' })
  const [wrong, right] = await Promise.all([type(fault.how.query), type(fault.mend.query)])
  const text = wrong.stdout + wrong.stderr
  return {
    hops: Object.fromEntries(
      fault.signals.map((signal) => [signal, wrong.code === 1 && right.code === 0 ? 'query' : '-']),
    ),
    said: Object.fromEntries(fault.signals.map((signal) => [signal, text])),
    unsaid: fault.words.must.filter((word) => !isSaid(text, word)),
    misled: (fault.words.never ?? []).filter((word) => isSaid(text, word)),
    blamed: [],
  }
}

interface DoctorSays {
  healthy: boolean
  findings: { state: string; title: string; seen: string; why?: string; next?: string }[]
}

/** `a|b` is one or the other; letter case does not matter. */
export const isSaid = (text: string, word: string) =>
  word.split('|').some((one) => text.toLowerCase().includes(one.trim().toLowerCase()))

function textOf(found: Hop | undefined): string {
  if (!found) return ''
  const { hop, id, state, fault, seen, why, next } = found
  return [hop, id, fault ?? state, seen, why, next].filter(Boolean).join(' | ')
}
