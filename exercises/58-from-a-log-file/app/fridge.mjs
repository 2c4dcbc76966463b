// The computer of a blood bank's fridges. It is old, knows nothing of telemetry, and may not be touched: it writes
// what happens into a file, a line of JSON each, as it has done for years.
import { appendFileSync, mkdirSync } from 'node:fs'

// What the collector of the lab knows as /logs. A container would have it mounted.
const folder = '.otel-lab/store/otel-collector/files/logs'
const shift = process.env.SHIFT ?? 'night'
const many = Number(process.env.LINES ?? 12)
const warm = Number(process.env.WARM ?? 3)
const fridge = Number(process.env.FRIDGE ?? 4)

mkdirSync(folder, { recursive: true })
const begin = Date.now() - 10 * 60_000
for (let i = 0; i < many; i++) {
  const bad = i >= many - warm
  const what = bad
    ? { level: 50, msg: 'too warm', fridge, degrees: 9.5 + i / 10 }
    : { level: 30, msg: 'door closed', fridge: 1 + (i % 8), degrees: 4.2 }
  appendFileSync(`${folder}/fridge.log`, `${JSON.stringify({ time: begin + i * 200, ...what, shift })}\n`)
}
console.log(`${many} lines written to ${folder}/fridge.log`)
