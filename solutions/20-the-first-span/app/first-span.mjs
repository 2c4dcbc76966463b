// Measures one scan: how bright it is on average.
import { setTimeout as sleep } from 'node:timers/promises'
import { trace } from '@opentelemetry/api'
import { NodeSDK } from '@opentelemetry/sdk-node'

const sdk = new NodeSDK()
sdk.start()
const tracer = trace.getTracer('mri-lab')
const subject = process.env.SUBJECT ?? 'sub-${patient}'

async function measureScan() {
  await sleep(60) // as long as reading it from the disk takes
  const voxels = Float32Array.from({ length: 64 ** 3 }, (_, i) => (i * 7919) % 1000)
  let sum = 0
  for (const voxel of voxels) sum += voxel
  return { mean: sum / voxels.length, count: voxels.length }
}

await tracer.startActiveSpan('measure_scan', async (span) => {
  span.setAttribute('scan.subject', subject)
  const { mean, count } = await measureScan()
  span.setAttribute('scan.voxels', count)
  console.log(`${subject}: ${count} voxels, mean brightness ${mean.toFixed(1)}`)
  span.end()
})
await sdk.shutdown()
