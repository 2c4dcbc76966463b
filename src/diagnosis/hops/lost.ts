import type { Facts } from '../facts.ts'
import { asMap } from '../read/topology.ts'
import type { Tally } from '../way.ts'

export interface Lost {
  /** Of the items that came and did not go on, each name once, bounded. */
  names: string[]
  /** The name of a root span among them. */
  root?: string
  /** Records of level ERROR or above are among them. */
  errors?: true
}

interface Item {
  key: string
  name: string
  root: boolean
  error?: boolean
}

const NAMES = 6

/** What of the run came to a place and did not leave it, by name; undefined when what travelled is forgotten. */
export async function lostBetween({ tap }: Facts, tally: Tally): Promise<Lost | undefined> {
  const read = async (step: 'in' | 'out') => {
    const payloads = await Promise.all(
      tally.passages.filter((one) => one.step === step).map(({ seq }) => tap?.payload(seq)),
    )
    return payloads.includes(undefined) ? undefined : payloads.flatMap((one) => itemsIn(one!.text))
  }
  const [came, went] = await Promise.all([read('in'), read('out')])
  if (came === undefined || went === undefined) return undefined
  const kept = new Set(went.map(({ key }) => key))
  const gone = came.filter(({ key }) => !kept.has(key))
  const names = [...new Set(gone.map(({ name }) => name))]
  const root = gone.find((one) => one.root)?.name
  return {
    names: names.length > NAMES ? [...names.slice(0, NAMES), '...'] : names,
    ...(root ? { root } : {}),
    ...(gone.some(({ error }) => error) ? { errors: true } : {}),
  }
}

/** Spans by their id, metrics by name, log records by time and text, out of OTLP/JSON. */
function itemsIn(text: string): Item[] {
  const list = (value: unknown) => (Array.isArray(value) ? value.map(asMap) : [])
  const request = asMap(JSON.parse(text))
  const groups = list(request.resourceSpans ?? request.resourceMetrics ?? request.resourceLogs)
  const scopes = groups.flatMap((group) => list(group.scopeSpans ?? group.scopeMetrics ?? group.scopeLogs))
  return scopes.flatMap(({ spans, metrics, logRecords }) => [
    ...list(spans).map(({ spanId, name, parentSpanId }) => ({
      key: String(spanId),
      name: String(name),
      root: !parentSpanId,
    })),
    ...list(metrics).map(({ name }) => ({ key: String(name), name: String(name), root: false })),
    ...list(logRecords).map((record) => {
      const body = String(asMap(record.body).stringValue ?? '')
      const name = `${record.severityText ?? ''} ${body}`.trim().slice(0, 60)
      return {
        key: `${record.timeUnixNano} ${record.observedTimeUnixNano} ${body}`,
        name,
        root: false,
        error: Number(record.severityNumber ?? 0) >= 17,
      }
    }),
  ])
}
