import { testLab } from '../support/lab.ts'
import { crowds, type Ports, storm } from './crowd.ts'

/** What a crowd may add while it is there, and still a little later: at most one budget of what inflates, and its garbage. */
const MAX_PEAK_MIB = 400
const MAX_LATER_MIB = 150

const lab = await testLab()
let bad = 0
let peak = 0
try {
  const { code, stderr } = await lab.run(['up', '--engine', 'embedded', '--port-offset', String(lab.offset)])
  if (code !== 0) throw new Error(stderr)
  const { pid } = (await lab.process())!
  const status = JSON.parse((await lab.run(['status', '--json'])).stdout) as {
    services: { name: string; ports: Ports[string] }[]
  }
  const ports: Ports = Object.fromEntries(status.services.map(({ name, ports }) => [name, ports]))
  const all = await crowds(ports)
  // The first of all warms up what is loaded once.
  await storm(all[0]!, pid)
  for (const crowd of all) {
    const { answers, ms, beforeMib, peakMib, afterMib } = await storm(crowd, pid)
    peak = Math.max(peak, peakMib)
    const wrong = [
      Object.keys(answers).every((key) => crowd.expect.includes(Number(key))) ? '' : 'answers otherwise',
      peakMib - beforeMib > MAX_PEAK_MIB ? `takes ${(peakMib - beforeMib).toFixed(0)} MiB` : '',
      afterMib - beforeMib > MAX_LATER_MIB ? `keeps ${(afterMib - beforeMib).toFixed(0)} MiB` : '',
    ].filter(Boolean)
    if (wrong.length > 0) bad++
    const told = Object.entries(answers).map(([answer, count]) => `${count} x ${answer}`)
    const figures = `${beforeMib.toFixed(0)}, at most ${peakMib.toFixed(0)}, 10 s later ${afterMib.toFixed(0)} MiB`
    console.log(
      `${wrong.length === 0 ? 'ok  ' : 'BAD '} 200 x ${crowd.name}: ${told.join(', ')} in ${ms.toFixed(0)} ms; ${figures}`,
    )
    for (const one of wrong) console.log(`     ${one}`)
  }
  const { code: after, stdout } = await lab.run(['status'])
  if (after !== 0) {
    bad++
    console.log(`BAD  the lab is not well afterwards:\n${stdout}`)
  }
} finally {
  await lab.close()
}
console.log(`${bad === 0 ? 'no crowd out of bounds' : `${bad} out of bounds`}; peak ${peak.toFixed(0)} MiB`)
process.exitCode = bad === 0 ? 0 : 1
