import { readFile, rm } from 'node:fs/promises'
import { LabError } from '../errors.ts'
import type { Signal } from '../faults.ts'
import { writeFileAtomic } from '../util/atomic-write.ts'
import type { IncidentLab } from './lab.ts'

/** One incident from start to end. Plain data: it is kept between commands. */
export interface Incident {
  seed: number
  level: number
  /** Names of faults; none when nothing is wrong. */
  faults: string[]
  /** Milliseconds since the epoch. */
  startedAt: number
  /** What the learner chooses a cause from, in this order: names of faults. */
  choices: string[]
  answers: Answer[]
  /** When the mend was last tried, and what was still missing then. */
  tries: { at: number; missing: Signal[] }[]
}

export interface Answer {
  at: number
  blamed: Blame[]
  right: boolean
}

export interface Blame {
  hop: string
  /** The name of a fault. */
  cause: string
}

type Kept = { faults: Pick<IncidentLab['faults'], 'workspace'> }

const pathOf = (lab: Kept) => lab.faults.workspace.statePath('incident.json')

export async function readIncident(lab: IncidentLab): Promise<Incident | undefined> {
  const path = pathOf(lab)
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined
    throw new LabError('incident-unreadable', `cannot read ${path}: ${error.message}`, { cause: error })
  })
  if (text === undefined) return undefined
  try {
    return JSON.parse(text) as Incident
  } catch (error) {
    throw new LabError('incident-unreadable', `${path} is not JSON: ${(error as Error).message}`, {
      hint: `rm ${path}`,
      cause: error,
    })
  }
}

/** Throws LabError `no-incident`. */
export async function openIncident(lab: IncidentLab): Promise<Incident> {
  const incident = await readIncident(lab)
  if (incident) return incident
  throw new LabError('no-incident', 'no incident is on in this lab', { hint: 'otel-lab incident start', exit: 1 })
}

export async function keepIncident(lab: IncidentLab, incident: Incident): Promise<void> {
  await writeFileAtomic(pathOf(lab), `${JSON.stringify(incident, undefined, 2)}\n`, { mode: 0o600 })
}

export async function endIncident(lab: Kept): Promise<void> {
  await rm(pathOf(lab), { force: true })
}
