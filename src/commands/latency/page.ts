import { type Account, budgetOf, DOOR_TITLES, DOORS, hopTitle, type Measurement } from '../../latency.ts'
import type { LatencyFile } from '../../page-server.ts'
import { humanDuration } from '../../ui/numbers.ts'
import { pageFile } from '../../util/page-file.ts'

/** One page that needs nothing else: figures, every sample, and the hops as a waterfall. */
export function measurementPage(measured: Measurement): Promise<string> {
  const { wanted, by, engine, startedAt, figures, missing, waits, accounts } = measured
  const rows = DOORS.map((door) => {
    const seen = figures[door]
    const { min, max } = budgetOf(waits[door])
    const told = seen
      ? [seen.min, seen.median, seen.errorMs, seen.p95, seen.max].map(humanDuration)
      : ['', '', '', '', '']
    const cells = [
      String(seen?.count ?? 0),
      String(missing[door]),
      ...told,
      `${humanDuration(min)} to ${humanDuration(max)}`,
    ]
    return { door: DOOR_TITLES[door], cells }
  })
  const data: LatencyFile = {
    title: 'From its making until it can be queried',
    lead: `${wanted} ${by === 'probes' ? 'probes' : 'runs of a program'} on the ${engine} engine, ${startedAt.toISOString()}.`,
    heads: ['Door', 'N', 'Missing', 'Min', 'Median', '±', 'P95', 'Max', 'Config says'],
    rows,
    doors: DOORS.flatMap((door) => {
      const account = accounts[door]
      if (account === undefined) return []
      const samples = measured.sightings[door].map(({ madeAt, seenAt, what }) => ({
        at: madeAt,
        ms: seenAt - madeAt,
        what,
      }))
      return [
        {
          title: `${DOOR_TITLES[door]}: ${humanDuration(account.whole.mean)} on average`,
          samples,
          trace: asTrace(account, startedAt.getTime()),
          findings: account.findings.map(
            ({ hop, mean, expected, cause }) =>
              `${hopTitle(hop)} took ${humanDuration(mean)} where ${humanDuration(expected)} was to be expected: ${cause}`,
          ),
        },
      ]
    }),
  }
  return pageFile({ title: 'Latency of telemetry', id: 'otel-lab-latency', data })
}

/** The means of the hops, one after the other, under the whole. */
function asTrace({ door, whole, hops, findings }: Account, start: number): LatencyFile['doors'][number]['trace'] {
  let at = 0
  const none = { kind: 'internal', events: [], links: [], resource: 0, scope: '' }
  const late = new Map(findings.map(({ hop, cause }) => [hop, cause]))
  const spans = hops.map(({ key, known, mean, from }) => {
    const from0 = at
    at += Math.max(0, mean)
    const problem = late.get(key)
    return {
      ...none,
      ...{
        id: `${door} ${key}`,
        parent: door,
        name: hopTitle(key),
        service: known,
        start: from0,
        duration: Math.max(0, mean),
      },
      ...(problem ? { status: 'error' as const, problem } : { status: 'unset' as const }),
      attributes: { known, 'by what': from, mean: humanDuration(mean) },
    }
  })
  const root = { ...none, id: door, name: DOOR_TITLES[door], service: 'whole', start: 0, duration: at }
  const attributes = { mean: humanDuration(whole.mean), samples: whole.count }
  return { traceId: door, start, resources: [{}], spans: [{ ...root, status: 'unset' as const, attributes }, ...spans] }
}
