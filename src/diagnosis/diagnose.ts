import type { Diagnosis, DiagnosisPorts, Hop, Missed, ObservedRun, Signal } from './contract.ts'
import { type Facts, gatherFacts } from './facts.ts'
import { judgeApp, judgeSampler, judgeSdk } from './hops/app.ts'
import { judgeBackend } from './hops/backend.ts'
import { judgeExport } from './hops/export.ts'
import { judgeExporters } from './hops/exporters.ts'
import { judgeProcessors } from './hops/processors.ts'
import { judgeQuery } from './hops/query.ts'
import { judgeReceiver } from './hops/receiver.ts'
import { judgeScrape } from './hops/scrape.ts'
import { makerOf } from './made-here.ts'
import { isAside } from './side-ways.ts'
import { isDiskFull } from './words.ts'

/**
 * Where did it die? All hops of one run's signal, from the app to the query, by evidence of that run: what other
 * programs sent meanwhile counts for nothing. It looks once and does not wait; what is under way it calls held.
 */
export async function diagnose(
  ports: DiagnosisPorts,
  run: ObservedRun,
  signal: Signal,
  missed?: Missed,
): Promise<Diagnosis> {
  const facts = { ...(await gatherFacts(ports, run, signal)), missed }
  const maker = makerOf(facts)
  const judged = (await judgeAll(facts)).map(byMachine).map((hop) => (maker ? madeHere(hop, maker) : hop))
  const hops = judged.map((hop) => (facts.engine === 'external' ? notOurs(hop) : hop))
  const broken = hops.find((one) => one.fault !== undefined && !isAside(facts, one))
  const held = broken ? undefined : hops.findLast(({ state }) => state === 'held')
  return {
    runId: run.runId,
    signal,
    arrived: facts.arrival.found,
    hops,
    ...(broken ? { broken } : {}),
    ...(held ? { held } : {}),
  }
}

/** A full disk is no fault of a config, whichever hop tells of it. */
function byMachine(hop: Hop): Hop {
  if (hop.fault === undefined || !isDiskFull(hop.seen)) return hop
  return {
    ...hop,
    fault: 'disk-full',
    blame: 'lab',
    why: 'What cannot be written down is not acknowledged: the senders try again for a while, and then it is lost',
    next: 'Free some space. What the lab stores is removed by: otel-lab down --volumes',
  }
}

const BEFORE_COLLECTOR: ReadonlySet<Hop['hop']> = new Set(['app', 'sdk', 'export'])

/** What the collector makes itself the program need not send, and it comes later than what it is made of. */
function madeHere(hop: Hop, maker: string): Hop {
  if (hop.fault === undefined || !BEFORE_COLLECTOR.has(hop.hop)) return hop
  const { fault: _fault, blame: _blame, next: _next, ...rest } = hop
  return { ...rest, state: 'unknown', seen: `${hop.seen}; ${maker} makes some of what it sends` }
}

/** A stack that somebody else runs is not restarted, patched or read from here. */
function notOurs(hop: Hop): Hop {
  if (hop.next === undefined) return hop
  const next = hop.next
    .replace(/^otel-lab config patch --(set|add|remove) (\S+)$/, "In the collector's config, $1: $2; then restart it")
    .replace(
      /(, then|; what it says)?:? ?otel-lab (?:restart|logs) (\S+).*$/s,
      (_, before?: string, service?: string) =>
        before === '; what it says'
          ? `; its log says more`
          : before
            ? `, then restart ${service}`
            : `Look into the log of ${service}`,
    )
  return { ...hop, next }
}

async function judgeAll(facts: Facts): Promise<Hop[]> {
  const door = judgeReceiver(facts)
  // Where the door is shut, that the app could not deliver is no fault of the app.
  const open = door.fault === undefined || door.state === 'changed'
  const before = [judgeApp(facts), judgeSdk(facts), ...(facts.signal === 'traces' ? [judgeSampler(facts)] : [])]
  return [
    ...before,
    judgeExport(facts, open && before.every(({ fault }) => fault === undefined)),
    door,
    ...(await judgeProcessors(facts)),
    ...judgeExporters(facts),
    ...(facts.signal === 'metrics' ? [judgeScrape(facts), judgeBackend(facts)] : [judgeBackend(facts)]),
    judgeQuery(facts),
  ]
}
