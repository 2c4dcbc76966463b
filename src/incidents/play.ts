import { setTimeout as sleep } from 'node:timers/promises'
import { EXIT, LabError } from '../errors.ts'
import {
  type Fault,
  type FoundRun,
  findFault,
  HOPS,
  inject,
  notWhole,
  restore,
  type Signal,
  settle,
} from '../faults.ts'
import { chooseFaults } from './choose.ts'
import {
  type Answer,
  type Blame,
  endIncident,
  type Incident,
  keepIncident,
  openIncident,
  readIncident,
} from './incident.ts'
import type { IncidentLab } from './lab.ts'
import { queriesSince } from './queries.ts'
import { type Score, scoreOf } from './score.ts'

const MOST_ANSWERS = 3
/** How long a mend must hold, and how long telemetry may take to come out. */
export const HOLD_MS = 30_000
const VISIBLE_MS = 30_000

/** Breaks something, or nothing, without saying what. Throws LabError `incident-on`. */
export async function startIncident(
  lab: IncidentLab,
  all: readonly Fault[],
  of: { seed: number; level: number },
): Promise<Incident> {
  if (await readIncident(lab)) {
    throw new LabError('incident-on', 'an incident is on in this lab already', {
      hint: 'otel-lab incident status\nor end it: otel-lab incident give-up',
      exit: EXIT.failed,
    })
  }
  const { faults, choices } = chooseFaults(all, { ...of, engine: lab.faults.engine.kind })
  const incident: Incident = {
    ...of,
    faults: faults.map(({ name }) => name),
    startedAt: lab.now(),
    choices: choices.map(({ name }) => name),
    answers: [],
    tries: [],
  }
  // Kept first: whatever a kill leaves behind, give-up takes it out.
  await keepIncident(lab, incident)
  try {
    if (faults.length > 0) await inject(lab.faults, faults, 'restored')
  } catch (error) {
    await endIncident(lab)
    throw error
  }
  return incident
}

/** `processor:c` for each thing that is wrong; none says that nothing is. Throws LabError `bad-answer`. */
export function readBlames(incident: Incident, texts: readonly string[]): Blame[] {
  if (texts.length === 1 && texts[0] === 'nothing') return []
  return texts.map((text) => {
    const [, hop, letter] = /^([a-z]+)[:=]([a-z])$/i.exec(text.trim()) ?? []
    const known = HOPS.find((name) => name === hop?.toLowerCase())
    const cause = incident.choices[(letter?.toLowerCase().charCodeAt(0) ?? 0) - 97]
    if (known && cause) return { hop: known, cause }
    throw new LabError('bad-answer', `${text} is not HOP:LETTER`, {
      hint: `such as otel-lab incident answer processor:b\nHops: ${HOPS.join(', ')}; letters: otel-lab incident status\nWhen nothing is wrong: otel-lab incident answer nothing`,
      exit: EXIT.usage,
    })
  })
}

/** Grades what the learner blames. Throws LabError `no-answers-left`. */
export async function answerIncident(
  lab: IncidentLab,
  all: readonly Fault[],
  texts: readonly string[],
): Promise<{ incident: Incident; answer: Answer; left: number; healthy: string[] }> {
  const incident = await openIncident(lab)
  if (incident.answers.some(({ right }) => right))
    throw new LabError('answered', 'you have found it already', { hint: 'otel-lab incident check', exit: EXIT.failed })
  if (incident.answers.length >= MOST_ANSWERS) {
    throw new LabError('no-answers-left', `three answers are all there are`, {
      hint: 'otel-lab incident give-up, which says what it was',
      exit: EXIT.failed,
    })
  }
  const blamed = readBlames(incident, texts)
  const faults = incident.faults.map((name) => findFault(all, name))
  const right =
    blamed.length === faults.length &&
    faults.every(({ name, hop }) => blamed.some((one) => one.cause === name && one.hop === hop))
  const answer: Answer = { at: lab.now(), blamed, right }
  incident.answers.push(answer)
  await keepIncident(lab, incident)
  const healthy = blamed.map(({ hop }) => hop).filter((hop) => faults.every((fault) => fault.hop !== hop))
  return { incident, answer, left: MOST_ANSWERS - incident.answers.length, healthy }
}

export interface Held {
  held: boolean
  /** What did not come out, in the run that ended the watch. */
  missing: Signal[]
  runs: number
  seconds: number
  score?: Score
}

/**
 * Runs the app again and again for half a minute: every signal of every run must come out whole. When it holds, the
 * incident is over, and the lab stays as the learner has mended it.
 */
export async function checkMend(
  lab: IncidentLab,
  all: readonly Fault[],
  options: { holdMs?: number; visibleMs?: number; onRun?: (runs: number, seconds: number) => void } = {},
): Promise<Held> {
  const { holdMs = HOLD_MS, visibleMs = VISIBLE_MS, onRun = () => {} } = options
  const incident = await openIncident(lab)
  const faults = incident.faults.map((name) => findFault(all, name))
  const began = lab.now()
  const seconds = () => (lab.now() - began) / 1000
  let runs = 0
  let missing: Signal[] = []
  do {
    const run = await lab.run()
    missing = await missingOf(lab, run, faults, visibleMs)
    runs++
    onRun(runs, seconds())
    // What is mended half shows at once, what is mended for a moment only later.
    if (missing.length === 0 && lab.now() - began < holdMs) await sleep(500)
  } while (missing.length === 0 && lab.now() - began < holdMs)
  incident.tries.push({ at: lab.now(), missing })
  await keepIncident(lab, incident)
  const held = missing.length === 0
  if (!held || !incident.answers.some(({ right }) => right)) return { held, missing, runs, seconds: seconds() }
  // The waiting is ours, not the learner's.
  const score = scoreOf(incident, faults, { held, queries: await queries(lab, incident), endedAt: began })
  await settle(lab.faults)
  await endIncident(lab)
  return { held, missing, runs, seconds: seconds(), score }
}

async function missingOf(lab: IncidentLab, run: FoundRun, faults: readonly Fault[], ms: number) {
  const at = { engine: lab.faults.engine, backends: lab.backends }
  const ways = [...new Set(['all' as const, ...faults.map(({ loses = 'all' }) => loses)])]
  const all = await Promise.all(ways.map((loses) => notWhole(at, run, { loses, ms })))
  return [...new Set(all.flat())]
}

/** Takes everything out, and says what it was. */
export async function giveUp(
  lab: IncidentLab,
  all: readonly Fault[],
): Promise<{ faults: Fault[]; score: Score; kept: string[] }> {
  const restored = await restore(lab.faults)
  const incident = await openIncident(lab)
  const faults = incident.faults.map((name) => findFault(all, name))
  const score = scoreOf(incident, faults, {
    held: false,
    queries: await queries(lab, incident),
    endedAt: lab.now(),
  })
  await endIncident(lab)
  return { faults, score, kept: restored?.kept ?? [] }
}

export const queries = (lab: IncidentLab, { startedAt }: Incident) =>
  queriesSince(lab.faults.workspace.statePath, startedAt)
