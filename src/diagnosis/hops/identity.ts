import type { Hop } from '../contract.ts'
import type { Facts } from '../facts.ts'
import { asMap, type Settings } from '../read/topology.ts'
import { itemsOf, type Tally } from '../way.ts'

/** By which resource attributes a run and its program are known. */
export const KEYS = ['otel_lab.run.id', 'service.instance.id', 'service.name'] as const
export type Key = (typeof KEYS)[number]

export type Told = Pick<Hop, 'fault' | 'seen' | 'why'>

/** What a processor did to that by which the run is known; the gravest first. */
export async function identityChange(facts: Facts, id: string, tally: Tally): Promise<Told | undefined> {
  const seen = await valuesAt(facts, tally)
  for (const key of KEYS) {
    if (key === 'service.name') {
      const renamed = serviceChange(tally)
      if (renamed) return told(facts, id, tally, { key, ...renamed })
      continue
    }
    const before = seen ? seen.in[key] : summarized(facts, tally, key, 'in')
    const after = seen ? seen.out[key] : summarized(facts, tally, key, 'out')
    if (before === undefined || before === after || !matters(facts, key)) continue
    return told(facts, id, tally, { key, before, after })
  }
  return undefined
}

/** Traces are found without the instance. */
export const matters = ({ signal }: Facts, key: Key) => key !== 'service.instance.id' || signal !== 'traces'

export const KINDS: Record<Key, Required<Pick<Hop, 'fault' | 'why'>>> = {
  'otel_lab.run.id': {
    fault: 'run-id-changed',
    why: 'The telemetry goes on to the backend, but nobody can tell whose it is: a query by run id finds nothing',
  },
  'service.instance.id': {
    fault: 'instance-changed',
    why: 'Prometheus makes the label instance of it, and Loki service_instance_id: a query by them finds nothing',
  },
  'service.name': {
    fault: 'service-renamed',
    why: 'Backends know a program by its service.name: queries and dashboards that ask for the old one find nothing',
  },
}

function told(
  facts: Facts,
  id: string,
  tally: Tally,
  { key, before, after }: { key: Key; before: string; after: string | undefined },
): Told {
  const count = itemsOf(facts.signal, tally.out)
  const seen = {
    'otel_lab.run.id': `${id} ${after ? `made ${after} of the run id` : 'took the run id away'} (otel_lab.run.id): ${count} went on as nobody's`,
    'service.instance.id': `${id} ${after ? `made ${after} of service.instance.id` : 'took service.instance.id away'}: ${count} went on as nobody's`,
    'service.name': after
      ? `${id} renamed service.name: ${before} is now ${after}`
      : `${id} took service.name away (it was ${before})`,
  }
  return { ...KINDS[key], seen: seen[key] }
}

const listOf = (value: unknown): Settings[] => (Array.isArray(value) ? value.map(asMap) : [])

/** The attributes on the payloads of this run alone; undefined when what travelled is forgotten or mixed. */
async function valuesAt(
  { tap, run }: Facts,
  { passages }: Tally,
): Promise<Record<'in' | 'out', Partial<Record<Key, string>>> | undefined> {
  const alone = passages.filter(({ cameAs }) => cameAs.length === 1 && cameAs[0] === run.runId)
  const read = async (step: 'in' | 'out') => {
    const one = alone.findLast((passage) => passage.step === step)
    const payload = one && (await tap?.payload(one.seq))
    return payload && identityIn(payload.text)
  }
  const [before, after] = await Promise.all([read('in'), read('out')])
  return before && after && { in: before, out: after }
}

function identityIn(text: string): Partial<Record<Key, string>> {
  const request = asMap(JSON.parse(text))
  const [group] = listOf(request.resourceSpans ?? request.resourceMetrics ?? request.resourceLogs)
  const found: Partial<Record<Key, string>> = {}
  for (const { key, value } of listOf(asMap(group?.resource).attributes)) {
    const known = KEYS.find((one) => one === key)
    if (known) found[known] = String(Object.values(asMap(value))[0] ?? '')
  }
  return found
}

/** By the passages' own summaries, which know no instance. */
function summarized({ run }: Facts, tally: Tally, key: Key, step: 'in' | 'out'): string | undefined {
  if (key !== 'otel_lab.run.id') return undefined
  const at = tally.passages.filter((one) => one.step === step)
  const tagged = step === 'in' ? tally.taggedIn : tally.taggedOut
  return tagged > 0 ? run.runId : at.find(({ runIds }) => runIds.length > 0)?.runIds[0]
}

/** A run may be of several services, and a batch holds some of them: renamed is what came and did not go, if another went. */
function serviceChange({ passages }: Tally): { before: string; after: string | undefined } | undefined {
  const at = (step: 'in' | 'out') => passages.filter((one) => one.step === step)
  const servicesAt = (step: 'in' | 'out') => [...new Set(at(step).flatMap(({ services }) => services))].sort()
  const [came, went] = [servicesAt('in'), servicesAt('out')]
  const lost = came.filter((one) => !went.includes(one))
  const gained = went.filter((one) => !came.includes(one))
  if (lost.length === 0 || at('out').length === 0 || (gained.length === 0 && went.length > 0)) return undefined
  return { before: lost.join(', '), after: gained.join(', ') || undefined }
}
