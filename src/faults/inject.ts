import { randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { type AddressInfo, createServer } from 'node:net'
import { LabError } from '../errors.ts'
import { writeFileAtomic } from '../util/atomic-write.ts'
import type { Fault } from './catalog.ts'
import type { FaultLab } from './lab.ts'
import { edited, editsByService, fillInAll, type Places } from './plan.ts'
import { type ConfigRecord, type FaultRecord, readRecord, thisProcess, writeRecord } from './record.ts'
import { startRelay } from './relay.ts'
import { restore } from './restore.ts'
import type { FaultEdit, FaultService } from './schema.ts'

export interface Injected {
  /** What the app's environment is to say on top. */
  env: Record<string, string>
  places: Places
}

/**
 * Puts faults into a running lab. What it is about to change is on disk before; when it cannot finish it puts all
 * back. Throws LabError `fault-there`, `lab-down`, or why a component did not take it.
 */
export async function inject(
  lab: FaultLab,
  faults: readonly Fault[],
  until: FaultRecord['until'] = 'process-ends',
): Promise<Injected> {
  const there = await readRecord(lab)
  if (there !== undefined) throw alreadyThere(there)
  const record: FaultRecord = {
    faults: faults.map(({ name }) => name),
    phase: 'injecting',
    until,
    owner: await thisProcess(),
    files: [],
    env: {},
    stopped: [],
  }
  try {
    const places = await placesOf(lab, faults, record)
    for (const fault of faults) {
      Object.assign(record.env, fillInAll(fault.how.env ?? {}, places))
      await changeConfigs(lab, record, editsByService(fault, fault.how.edits), places, true)
      await changeConfigs(lab, record, editsByService(fault, fault.how.unapplied), places, false)
      if (fault.how.stop) await stop(lab, record, fault.how.stop)
    }
    record.phase = 'in'
    await writeRecord(lab, record)
    return { env: record.env, places }
  } catch (error) {
    await restore(lab)
    throw error
  }
}

/** Writes the configs, each known to the record first, and has their components read them where that is meant. */
export async function changeConfigs(
  lab: FaultLab,
  record: FaultRecord,
  changes: ReadonlyMap<FaultService, FaultEdit[]>,
  places: Places,
  apply: boolean,
): Promise<void> {
  for (const [service, edits] of changes) {
    const path = lab.configPath(service)
    const now = await readFile(path, 'utf8')
    const next = edited(now, edits, places)
    noteFile(record.files, service, now, next)
    await writeRecord(lab, record)
    await writeFileAtomic(path, next)
    if (apply) await lab.engine.restart(service)
  }
}

function noteFile(files: ConfigRecord[], service: FaultService, before: string, next: string): void {
  const known = files.find((one) => one.service === service)
  if (known) known.written.push(next)
  else files.push({ service, before, written: [next] })
}

async function stop(lab: FaultLab, record: FaultRecord, service: FaultService): Promise<void> {
  if (!lab.engine.stop) {
    throw new LabError('cannot-stop', `the ${lab.engine.kind} engine cannot stop one component by itself`, {
      hint: 'Take another fault, or the embedded engine: otel-lab up --engine embedded',
    })
  }
  record.stopped.push(service)
  await writeRecord(lab, record)
  await lab.engine.stop(service)
}

async function placesOf(lab: FaultLab, faults: readonly Fault[], record: FaultRecord): Promise<Places> {
  const { otlpGrpc, otlpHttp } = await lab.engine.endpoints()
  const places: Places = { nobody: `127.0.0.1:${await portOfNobody()}` }
  if (otlpGrpc) places['otlp-grpc'] = otlpGrpc.url
  if (otlpHttp) places['otlp-http'] = otlpHttp.url
  const relay = faults.find(({ how }) => how.relay)?.how.relay
  if (relay === undefined) return places
  const { services } = await lab.engine.status()
  const port = services.find(({ name }) => name === relay.to)?.ports[relay.port]
  if (port === undefined) throw new LabError('no-such-port', `${relay.to} has no port ${relay.port} open`)
  record.relay = { id: randomBytes(6).toString('hex') }
  await writeRecord(lab, record)
  const own = await startRelay(lab, record.relay.id, { port, does: relay.does, ms: relay.ms ?? 0 })
  return { ...places, relay: `127.0.0.1:${own}` }
}

/** A port that was free a moment ago. */
async function portOfNobody(): Promise<number> {
  const server = createServer()
  await new Promise<void>((done, fail) => server.once('error', fail).listen(0, '127.0.0.1', done))
  const { port } = server.address() as AddressInfo
  await new Promise((done) => server.close(done))
  return port
}

function alreadyThere(record: FaultRecord): LabError {
  return new LabError('fault-there', `this lab has a fault in it already, put in by process ${record.owner.pid}`, {
    hint: 'Take it out first: otel-lab incident give-up',
  })
}
