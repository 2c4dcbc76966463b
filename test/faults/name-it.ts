import { fillIn } from '../../src/faults/plan.ts'
import { readRecord } from '../../src/faults/record.ts'
import type { Fault } from '../../src/faults.ts'
import { isSaid } from './ask.ts'
import type { ReplayLab } from './lab.ts'

export const COMMANDS = ['latency', 'flow', 'correlate'] as const

export interface Named {
  command: (typeof COMMANDS)[number]
  /** That it blames, `-` for none; of several signals one that is not the fault's comes first. */
  hop: string
  seconds: number
  code: number | null
  /** Words of the fault's file that it does not say. */
  unsaid: string[]
  said: string
}

const ARGS = {
  latency: ['latency', '--runs', '1', '--warmup', '0', '--deadline', '25s', '--json'],
  flow: ['flow', '--deadline', '25s', '--json'],
  correlate: ['correlate', '--run', 'normal', '--json'],
}

/** What a command that follows telemetry says of a fault that is in the lab. */
export async function nameIt(
  lab: ReplayLab,
  fault: Fault,
  command: Named['command'],
  env: Record<string, string>,
): Promise<Named> {
  const places = (await readRecord(lab.faults))?.places ?? {}
  const began = performance.now()
  const { code, stdout, stderr } = await lab.cli(ARGS[command], env)
  const seconds = (performance.now() - began) / 1_000
  const found = blamed(stdout, fault)
  const hops = [...new Set(found.map(({ hop }) => hop))]
  const said = found.map(({ text }) => text).join('\n') || stdout.slice(-600) + stderr
  const must = fault.words.must.map((word) => fillIn(word, places))
  return {
    ...{ command, seconds, code, said },
    hop: hops.find((hop) => hop !== fault.hop) ?? hops[0] ?? '-',
    unsaid: must.filter((word) => !isSaid(said, word)),
  }
}

interface Blamed {
  hop: string
  text: string
}

function blamed(stdout: string, fault: Fault): Blamed[] {
  const parsed = safely(stdout)
  if (parsed === undefined) return []
  if (!('died' in parsed)) {
    const { broken } = parsed as { broken?: { hop?: string; id?: string; why: string; next: string } }
    return broken
      ? [{ hop: broken.hop ?? '-', text: [broken.hop, broken.id, broken.why, broken.next].join(' | ') }]
      : []
  }
  const { died } = parsed as { died: { signal: string; broken?: Record<string, string> }[] }
  return fault.signals.map((signal) => {
    const { hop = '-', id, fault: name, seen, why, next } = died.find((one) => one.signal === signal)?.broken ?? {}
    return { hop, text: [hop, id, name, seen, why, next].filter(Boolean).join(' | ') }
  })
}

function safely(text: string): object | undefined {
  try {
    return JSON.parse(text) as object
  } catch {
    return undefined
  }
}
