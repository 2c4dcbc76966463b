// Measures one scan: how bright it is on average. It says nothing of itself yet.
import { setTimeout as sleep } from 'node:timers/promises'

const subject = process.env.SUBJECT ?? 'sub-${patient}'

async function measureScan() {
  await sleep(60) // as long as reading it from the disk takes
  const voxels = Float32Array.from({ length: 64 ** 3 }, (_, i) => (i * 7919) % 1000)
  let sum = 0
  for (const voxel of voxels) sum += voxel
  return { mean: sum / voxels.length, count: voxels.length }
}

const { mean, count } = await measureScan()
console.log(`${subject}: ${count} voxels, mean brightness ${mean.toFixed(1)}`)
