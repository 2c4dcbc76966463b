import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { RunningService } from '../../../src/embedded/component.ts'
import { createInflate } from '../../../src/embedded/compression.ts'
import { createNetwork } from '../../../src/embedded/network.ts'
import { createOtlpGrpcClient, GrpcRefusal } from '../../../src/embedded/otlp-grpc.ts'
import { startTempo } from '../../../src/embedded/tempo/tempo.ts'
import { spansRequests } from '../../bench/load/requests.ts'
import { Random } from '../../support/random.ts'

const SEED = 41
const CONFIG = `
distributor: {receivers: {otlp: {protocols: {grpc: {endpoint: 0.0.0.0:4317}, http: {endpoint: 0.0.0.0:4318}}}}}
live_store: {max_trace_idle: 100ms, max_trace_live: 1s, flush_check_period: 50ms, max_block_duration: 200ms}
query_frontend: {query_end_cutoff: 0s}
`

let dir: string
let service: RunningService
let client: ReturnType<typeof createOtlpGrpcClient>
let http: string
let api: string
const log: string[] = []

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'tempo-fuzz-'))
  const network = { ...createNetwork({ portOffset: 0 }), bindPort: () => 0 }
  const context = { name: 'tempo', network, dataDir: dir, configPath: 'tempo.yaml', env: {} }
  service = await startTempo({ ...context, configText: CONFIG, log: (text) => log.push(text) })
  const at = (port: number) => network.resolve('otel-collector', 'tempo', port)!
  client = createOtlpGrpcClient(at(4317).host, at(4317).port, {
    compression: 'none',
    inflate: createInflate(64 << 20),
    timeoutMs: 10_000,
  })
  http = `http://127.0.0.1:${at(4318).port}/v1/traces`
  api = `http://127.0.0.1:${service.ports().http}`
})
afterAll(async () => {
  client.close()
  await service.stop()
  await rm(dir, { recursive: true, force: true })
})

/** Bytes turned over, left out, doubled, or put in. */
function damaged(random: Random, from: Uint8Array): Uint8Array {
  let bytes = Uint8Array.from(from)
  for (let n = 1 + random.below(3); n > 0; n--) {
    const at = random.below(bytes.length)
    const length = random.below(16)
    const kind = random.below(8)
    if (kind > 2) bytes[at] = random.below(256)
    else if (kind === 0) bytes = Uint8Array.from([...bytes.subarray(0, at), ...bytes.subarray(at + length)])
    else if (kind === 1) {
      bytes = Uint8Array.from([...bytes.subarray(0, at + length), ...bytes.subarray(at)])
    } else bytes = Uint8Array.from([...bytes.subarray(0, at), random.below(256), 0xff, ...bytes.subarray(at)])
  }
  return bytes
}

test('whatever comes over OTLP is taken or refused, and Tempo goes on', async () => {
  const random = new Random(SEED)
  const [{ bytes: good } = { bytes: new Uint8Array() }] = spansRequests(16)
  const answers = { taken: 0, refused: 0 }
  for (let i = 0; i < 600; i++) {
    const bytes = random.chance(0.1)
      ? Uint8Array.from({ length: random.below(200) }, () => random.below(256))
      : damaged(random, good)
    if (random.chance(0.5)) {
      const error = await client.export('traces', bytes).catch((e: Error) => e)
      if (!(error instanceof Error)) answers.taken++
      else {
        expect(error, `seed ${SEED}, ${i}: ${error.message}`).toBeInstanceOf(GrpcRefusal)
        // INVALID_ARGUMENT: said by us; INTERNAL would be a fault of our own.
        expect((error as GrpcRefusal).code, `seed ${SEED}, ${i}: ${error.message}`).toBe(3)
        answers.refused++
      }
    } else {
      const json = random.chance(0.3)
      const headers = { 'content-type': json ? 'application/json' : 'application/x-protobuf' }
      const { status } = await fetch(http, { method: 'POST', headers, body: new Uint8Array(bytes) })
      expect([200, 400], `seed ${SEED}, ${i}`).toContain(status)
      if (status === 200) answers.taken++
      else answers.refused++
    }
  }
  expect(answers.taken).toBeGreaterThan(50)
  expect(answers.refused).toBeGreaterThan(50)
  const [whole] = spansRequests(8)
  await client.export('traces', whole!.bytes)
  expect((await fetch(`${api}/api/traces/1`)).status).toBe(200)
  expect(log.filter((line) => line.startsWith('level=error'))).toEqual([])
}, 60_000)

const WORDS = `{ } ( ) && || = != =~ !~ > < >> << ~ !>> &>> | + - * / % ^ ! . , "x" "(" \`y\` 1 -1 2.5 1s 100ms nil true
  false error ok server span. resource. event. link. parent. instrumentation. span.neuro.step .a name status kind
  duration rootName traceDuration span:id trace:id event:name count() avg( sum( min( max( by( coalesce() select( rate()
  count_over_time() quantile_over_time( histogram_over_time( compare( topk( bottomk( with( most_recent=true with(sample=1)
  9223372036854775808 1e400 "\\u0000" ä \u{1f9e0}`.split(/\s+/)

const PATHS = [
  ...['/api/search', '/api/metrics/query_range', '/api/metrics/query', '/api/search/tags', '/api/v2/search/tags'],
  ...['/api/v2/search/tag/span.neuro.step/values', '/api/search/tag/name/values', '/api/v2/search/tag/rootName/values'],
]

test('whatever is asked is answered in time, as found or as a fault of the question', async () => {
  const random = new Random(SEED)
  for (const { bytes } of spansRequests(2000)) await client.export('traces', bytes)
  const seen = new Map<number, number>()
  const seconds = Math.floor(Date.now() / 1000)
  for (let i = 0; i < 1500; i++) {
    const some = Array.from({ length: 1 + random.below(12) }, () => random.pick(WORDS)).join(random.pick(['', ' ']))
    const q = random.pick([some, `{ ${some} }`, `{ .a = 1 } | ${some}`, `{} | rate() by (${some})`])
    const params = new URLSearchParams({ [random.pick(['q', 'q', 'tags', 'query'])]: q })
    for (const name of ['start', 'end', 'limit', 'spss', 'step', 'since', 'minDuration', 'exemplars', 'scope']) {
      if (!random.chance(0.15)) continue
      params.set(
        name,
        random.pick([
          '',
          '0',
          '1',
          '-1',
          String(seconds),
          String(seconds - 60),
          '1e99',
          '1h',
          'x',
          '18446744073709551616',
        ]),
      )
    }
    const path = random.chance(0.05) ? `/api/traces/${encodeURIComponent(some)}` : random.pick(PATHS)
    const answer = await fetch(`${api}${path}?${params}`, { signal: AbortSignal.timeout(10_000) })
    const text = await answer.text()
    expect([200, 400, 404], `seed ${SEED}, ${i}: ${path}?${params}: ${answer.status} ${text}`).toContain(answer.status)
    if (answer.status === 400) expect(text).not.toBe('')
    seen.set(answer.status, (seen.get(answer.status) ?? 0) + 1)
  }
  expect(seen.get(200)).toBeGreaterThan(100)
  expect(seen.get(400)).toBeGreaterThan(100)
}, 90_000)
