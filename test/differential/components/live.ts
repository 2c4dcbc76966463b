import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { requestsOf } from '../../support/beside/telemetry.ts'
import { capture, startOurs } from '../../support/own-collector.ts'
import { freePort, startRealCollector } from '../../support/real-collector.ts'
import { AUTH_CASES, answersTo, authConfig } from './auth.ts'

/** Both ask for tokens: each of a thousand requests is answered alike. */
export async function compareAuth(path: string, version: string): Promise<boolean> {
  let bad = 0
  for (const { settings, header } of AUTH_CASES) {
    const answers = async (start: (config: string) => Promise<{ stop(): Promise<void> }>) => {
      const port = await freePort()
      const collector = await start(authConfig(settings, port))
      const all = await answersTo(port, header)
      await collector.stop()
      return all
    }
    const [theirs, ours] = [await answers((config) => startRealCollector(path, config)), await answers(startOurs)]
    const other = Object.keys(theirs).filter((key) => theirs[key] !== ours[key])
    bad += other.length
    for (const key of other) console.log(`✗ ${settings} ${key}\n    real: ${theirs[key]}\n    ours: ${ours[key]}`)
  }
  console.log(
    `bearertokenauth: ${AUTH_CASES.length} settings, ${bad} kinds of requests answered otherwise than by the real ${version}`,
  )
  return bad === 0
}

const BACKEND_MS = 20_000

/** Both keep a queue: what was accepted while the backend was away comes out of the next process. */
export async function compareQueue(path: string, version: string): Promise<boolean> {
  const counts: string[] = []
  for (const who of ['real', 'ours'] as const) {
    const dir = await mkdtemp(join(tmpdir(), 'queue-'))
    const [port, backend] = [await freePort(), await freePort()]
    const config = queueConfig(port, backend, who === 'real' ? dir : '/kept')
    const start = () => (who === 'real' ? startRealCollector(path, config) : startOurs(config, dir))
    const first = await start()
    for (const json of requestsOf('traces')) {
      const body = JSON.stringify(json)
      const headers = { 'content-type': 'application/json' }
      await fetch(`http://127.0.0.1:${port}/v1/traces`, { method: 'POST', headers, body })
    }
    await first.stop()
    const sink = await capture(backend)
    const second = await start()
    const requests = requestsOf('traces').length
    for (const end = Date.now() + BACKEND_MS; sink.got.size < requests && Date.now() < end; ) await sleep(50)
    await second.stop()
    await sink.close()
    await rm(dir, { recursive: true, force: true })
    counts.push(`${sink.got.size} of ${requests}`)
  }
  const [theirs, ours] = counts
  console.log(
    `file_storage: of the requests accepted before a restart ${theirs} come out of the real ${version}, ${ours} of ours`,
  )
  return theirs === ours
}

const queueConfig = (port: number, backend: number, directory: string) => `
extensions: {file_storage: {directory: ${directory}}}
receivers: {otlp: {protocols: {http: {endpoint: '127.0.0.1:${port}'}}}}
exporters:
  otlp_http:
    endpoint: http://127.0.0.1:${backend}
    retry_on_failure: {initial_interval: 200ms, max_interval: 500ms}
    sending_queue: {storage: file_storage, queue_size: 5000}
service:
  extensions: [file_storage]
  telemetry: {metrics: {level: none}}
  pipelines: {traces: {receivers: [otlp], exporters: [otlp_http]}}
`
