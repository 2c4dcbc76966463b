import { randomBytes } from 'node:crypto'
import { type AddressInfo, createServer } from 'node:net'
import { exclusively } from '../config-change.ts'
import { LabError } from '../errors.ts'
import { thisProcess } from '../util/process-alive.ts'
import type { Fault } from './catalog.ts'
import { changeConfigs, writeAppEnv } from './change.ts'
import type { FaultLab } from './lab.ts'
import { editsByService, fillInAll, type Places } from './plan.ts'
import { type FaultRecord, readRecord, writeRecord } from './record.ts'
import { startRelay } from './relay.ts'
import { restore } from './restore.ts'
import type { FaultService } from './schema.ts'

/**
 * Puts faults into a running lab; gives what the app's environment is to say on top. What it is about to change is on
 * disk before; when it cannot finish it puts all back. Throws LabError `fault-there`, `lab-down`, or why a component
 * did not take it.
 */
export async function inject(
  lab: FaultLab,
  faults: readonly Fault[],
  until: FaultRecord['until'] = 'process-ends',
): Promise<Record<string, string>> {
  return exclusively(lab, () => injectAlone(lab, faults, until))
}

async function injectAlone(
  lab: FaultLab,
  faults: readonly Fault[],
  until: FaultRecord['until'],
): Promise<Record<string, string>> {
  const there = await readRecord(lab)
  if (there !== undefined) throw alreadyThere(there)
  const record: FaultRecord = {
    faults: faults.map(({ name }) => name),
    phase: 'injecting',
    until,
    owner: await thisProcess(),
    files: [],
    services: [],
    env: {},
    places: {},
  }
  try {
    await findPlaces(lab, faults, record)
    for (const fault of faults) {
      Object.assign(record.env, fillInAll(fault.how.env ?? {}, record.places))
      await changeConfigs(lab, record, editsByService(fault, fault.how.edits), true)
      await changeConfigs(lab, record, editsByService(fault, fault.how.unapplied), false)
      if (fault.how.stop) await stop(lab, record, fault.how.stop)
    }
    await writeAppEnv(lab, record)
    record.phase = 'in'
    await writeRecord(lab, record)
    return record.env
  } catch (error) {
    await restore(lab)
    throw error
  }
}

async function stop(lab: FaultLab, record: FaultRecord, service: FaultService): Promise<void> {
  if (!lab.engine.stop) {
    throw new LabError('cannot-stop', `the ${lab.engine.kind} engine cannot stop one component by itself`, {
      hint: 'Take another fault, or the embedded engine: otel-lab up --engine embedded',
    })
  }
  record.services.push(service)
  await writeRecord(lab, record)
  await lab.engine.stop(service)
}

async function findPlaces(lab: FaultLab, faults: readonly Fault[], record: FaultRecord): Promise<void> {
  const { otlpGrpc, otlpHttp } = await lab.engine.endpoints()
  const places: Places = { nobody: `127.0.0.1:${await portOfNobody()}` }
  if (otlpGrpc) places['otlp-grpc'] = otlpGrpc.url
  if (otlpHttp) {
    places['otlp-http'] = otlpHttp.url
    places['otlp-https'] = otlpHttp.url.replace(/^http:/, 'https:')
  }
  record.places = places
  const relay = faults.find(({ how }) => how.relay)?.how.relay
  if (relay === undefined) return
  const { services } = await lab.engine.status()
  const port = services.find(({ name }) => name === relay.to)?.ports[relay.port]
  if (port === undefined) throw new LabError('no-such-port', `${relay.to} has no port ${relay.port} open`)
  record.relay = { id: randomBytes(6).toString('hex') }
  await writeRecord(lab, record)
  const own = await startRelay(lab, record.relay.id, { port, does: relay.does, ms: relay.ms ?? 0 })
  places.relay = `127.0.0.1:${own}`
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
