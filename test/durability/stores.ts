import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { encodeWriteRequest, WRITE_HEADERS } from '../../src/embedded/remote-write.ts'
import { snappy } from '../../src/embedded/snappy.ts'
import { httpRequest } from '../../src/util/http.ts'
import { type Acknowledged, missing } from './found.ts'
import type { DurableLab } from './lab.ts'
import { startSenders } from './senders.ts'

export interface Outcome {
  acknowledged: number
  lost: number
  /** What the case is about besides. */
  wrong: string[]
}

const none = (): Acknowledged => ({ traces: [], logs: [], metrics: new Map() })
const SERIES = 200

/** What happens inside Prometheus' and Tempo's stores while they take things in. */
export const STORE_CASES: Record<string, (lab: DurableLab) => Promise<Outcome>> = {
  async 'the journal of Prometheus changes segments under load: every sample is there after a kill'(lab) {
    lab.up()
    // It looks about once a minute whether a segment has a quarter of what may be kept.
    const size = 16 << 20
    lab.edit('prometheus.yml', (text) => text.replace('  tsdb:\n', `  tsdb:\n    retention:\n      size: ${size}B\n`))
    lab.run('restart', 'prometheus')
    const dir = join(lab.dir, '.otel-lab/store/prometheus/journal')
    const segments = () => readdirSync(dir).filter((name) => /^\d+\.log$/.test(name))
    const before = new Set(segments())
    const grown = () => statSync(join(dir, segments().sort().at(-1)!)).size
    let acknowledged = 0
    let stop = false
    const writers = Promise.all(
      [0, 1, 2, 3].map(async (writer) => {
        for (let n = 0; !stop; n++) {
          acknowledged += await write(lab.offset, writer, n)
          // Once there is enough for a change, no more than must run beside it: nothing may grow too old.
          await sleep(grown() > size / 3.5 ? 1_000 : 20)
        }
      }),
    )
    const fresh = () => segments().filter((name) => !before.has(name)).length
    for (const end = Date.now() + 600_000; fresh() < 2 && Date.now() < end; ) await sleep(250)
    // The commits that run beside the change are what this is about.
    await sleep(2_000)
    const changes = fresh()
    const kept = segments().reduce((sum, name) => sum + statSync(join(dir, name)).size, 0)
    await lab.kill()
    stop = true
    await writers
    lab.up()
    const there = await samples(lab.offset)
    const wrong = [
      changes >= 2 ? '' : `only ${changes} changes of segment`,
      kept < size ? '' : `${kept} bytes are more than is kept`,
    ]
    return { acknowledged, lost: Math.max(0, acknowledged - there), wrong }
  },

  async 'a block of Tempo damaged: its other traces are there, status tells, and blocks go on being written'(lab) {
    const [first, second] = [none(), none()]
    lab.up()
    await send(lab, 1, first)
    const dir = join(lab.dir, '.otel-lab/store/tempo/blocks')
    const blocks = () => readdirSync(dir).filter((name) => name.endsWith('.parquet'))
    await until(() => blocks().length > 0)
    await missing(lab.offset, { ...none(), traces: first.traces })
    await lab.kill()
    const [block] = blocks()
    const file = join(dir, block!)
    const bytes = readFileSync(file)
    for (let i = bytes.length >> 1; i < (bytes.length >> 1) + 16; i++) bytes[i]! ^= 0xa5
    writeFileSync(file, bytes)
    lab.up()
    const gone = await missing(lab.offset, { ...none(), traces: first.traces })
    const told = (lab.damaged().tempo ?? []).length
    const known = new Set(blocks())
    await send(lab, 2, second)
    await until(() => blocks().some((name) => !known.has(name)))
    const later = await missing(lab.offset, { ...none(), traces: second.traces })
    const log = readFileSync(join(lab.dir, '.otel-lab/logs/tempo.log'), 'utf8')
    const wrong = [
      told > 0 ? '' : 'status says nothing',
      log.includes('cannot write blocks') ? 'the log says that blocks cannot be written' : '',
      gone.length > first.traces.length / 3 ? `${gone.length} lost, far more than was hit` : '',
    ]
    // What the bytes hit is lost: the traces of a page.
    return {
      acknowledged: first.traces.length + second.traces.length,
      lost: later.length + Math.max(0, gone.length - first.traces.length / 3),
      wrong,
    }
  },
}

async function send(lab: DurableLab, round: number, to: Acknowledged): Promise<void> {
  const senders = startSenders(lab.offset, round, to)
  await sleep(2_000)
  await senders.stop()
}

async function until(condition: () => boolean): Promise<void> {
  for (const end = Date.now() + 120_000; !condition(); await sleep(250)) {
    if (Date.now() > end) throw new Error(`not so within two minutes: ${condition}`)
  }
}

/** A sample for each series of this writer; how many of them were acknowledged. */
async function write(offset: number, writer: number, n: number): Promise<number> {
  const time = Date.now()
  const series = Array.from({ length: SERIES }, (_, i) => ({
    labels: [
      ['__name__', 'durable_written'],
      ['writer', String(writer)],
      // New ones come in all the time: they must be defined in the segment that mentions them.
      ['series', `${i}-${i % 10 === 0 ? n >> 6 : 0}`],
    ] as const,
    samples: [{ time, value: Math.sin(n * 7 + i) }],
  }))
  const body = Buffer.from(snappy(encodeWriteRequest(series)))
  const url = `http://127.0.0.1:${9090 + offset}/api/v1/write`
  const answer = await fetch(url, { method: 'POST', headers: WRITE_HEADERS, body }).catch(() => undefined)
  return answer?.status === 204 ? SERIES : 0
}

async function samples(offset: number): Promise<number> {
  const query = encodeURIComponent('sum(count_over_time(durable_written[1h]))')
  const { text } = await httpRequest(`http://127.0.0.1:${9090 + offset}/api/v1/query?query=${query}`)
  return Number(JSON.parse(text).data.result[0]?.value[1] ?? 0)
}
