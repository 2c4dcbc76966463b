// An examination: the console asks the scanner for a picture and waits for it. The two are machines of their own, here
// two processes, and each goes by its own clock. Nothing has to be changed here; a scanner with its approval may not be.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { context, propagation, trace } from '@opentelemetry/api'
import { NodeSDK } from '@opentelemetry/sdk-node'

const isScanner = process.argv[2] === 'scanner'
const wrong = isScanner ? Number(process.env.CLOCK ?? '${ahead}') * 1000 : 0
const clock = () => Date.now() + wrong
const sdk = new NodeSDK({ serviceName: isScanner ? 'mr-scanner' : 'mr-console' })
sdk.start()
const tracer = trace.getTracer('examination')

async function scan() {
  const asked = propagation.extract(context.active(), { traceparent: process.env.TRACEPARENT })
  const picture = tracer.startSpan('take_picture', { startTime: clock() }, asked)
  for (const [name, ms] of [
    ['expose', 240],
    ['reconstruct', 120],
  ]) {
    const step = tracer.startSpan(name, { startTime: clock() }, trace.setSpan(asked, picture))
    await sleep(ms)
    step.end(clock())
  }
  picture.end(clock())
}

async function examine(span) {
  const carrier = {}
  propagation.inject(context.active(), carrier)
  const env = { ...process.env, TRACEPARENT: carrier.traceparent }
  const scanner = spawn(process.execPath, [process.argv[1], 'scanner'], { env, stdio: 'inherit' })
  await once(scanner, 'exit')
  span.end()
}

if (isScanner) await scan()
else await tracer.startActiveSpan('examination', { root: true }, examine)
await sdk.shutdown()
if (!isScanner) console.log('the picture is taken')
