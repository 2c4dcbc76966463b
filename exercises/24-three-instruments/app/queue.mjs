// Scans wait in a queue and are processed, two at a time. How is it doing? It does not say.
import { setTimeout as sleep } from 'node:timers/promises'

const total = Number(process.env.SCANS ?? '${scans}')
const bad = Number(process.env.BAD ?? '${bad}')
const waiting = Array.from({ length: total }, (_, i) => ({ id: i + 1, broken: i < bad }))

/** Takes a scan out of the queue and says how many seconds it took, and whether it went well. */
async function processNext() {
  const scan = waiting.shift()
  const began = performance.now()
  await sleep(scan.broken ? 5 : 20)
  return { seconds: (performance.now() - began) / 1000, outcome: scan.broken ? 'failed' : 'ok' }
}

/** In degrees Celsius; only the scanner knows it, and only when asked. */
const temperature = () => 21.5

// Three are left for tomorrow.
while (waiting.length > 3) await processNext()
console.log(`${total - waiting.length} processed, ${waiting.length} still waiting, ${temperature()} degrees`)
