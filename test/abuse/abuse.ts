import { residentMib } from '../bench/load/process.ts'
import { testLab } from '../support/lab.ts'
import { type Attack, ask, prepare } from './attack.ts'
import { bodies } from './bodies.ts'
import { CONFIGS, tryConfig } from './configs.ts'
import { queries } from './queries.ts'
import { strangers } from './strangers.ts'

/** Longer than this no single one may take, nor may a health check that is asked meanwhile. */
const MAX_MS = 15_000
const MAX_CHECK_MS = 3_000
const MAX_MIB = 1000

const lab = await testLab()
let bad = 0
try {
  const { code, stderr } = await lab.run(['up', '--engine', 'embedded', '--port-offset', String(lab.offset)])
  if (code !== 0) throw new Error(stderr)
  const { pid } = (await lab.process())!
  const at = (port: number) => `http://127.0.0.1:${port + lab.offset}`
  const attacks: Attack[] = [...strangers(at), ...queries(at), ...bodies(at)]
  for (const attack of attacks) {
    await prepare(attack)
    const [began, checks] = [performance.now(), watchHealth(at(3200))]
    const { status, message } = await ask(attack.request)
    const ms = performance.now() - began
    const slowest = await checks.stop()
    const mib = residentMib(pid)
    const wrong = [
      attack.expect.includes(status) ? '' : `answers ${status}, not ${attack.expect.join(' or ')}`,
      status >= 400 && message.trim() === '' ? 'says nothing' : '',
      ms > MAX_MS ? 'took too long' : '',
      slowest > MAX_CHECK_MS ? `others waited ${slowest.toFixed(0)} ms` : '',
      mib > MAX_MIB ? 'takes too much memory' : '',
    ].filter(Boolean)
    if (wrong.length > 0) bad++
    const verdict = wrong.length === 0 ? 'ok  ' : 'BAD '
    const figures = `${status} in ${ms.toFixed(0)} ms, others ${slowest.toFixed(0)} ms, ${mib.toFixed(0)} MiB`
    console.log(`${verdict} ${attack.name}: ${figures}: ${message.replace(/\s+/g, ' ').slice(0, 110)}`)
    for (const one of wrong) console.log(`     ${one}`)
  }
  for (const config of CONFIGS) {
    const began = performance.now()
    const { wrong, message } = await tryConfig(lab, config)
    if (wrong.length > 0) bad++
    const figures = `${(performance.now() - began).toFixed(0)} ms, ${residentMib(pid).toFixed(0)} MiB`
    const said = message.replace(/\s+/g, ' ').slice(0, 110)
    console.log(`${wrong.length === 0 ? 'ok  ' : 'BAD '} ${config.file} is ${config.name}: ${figures}: ${said}`)
    for (const one of wrong) console.log(`     ${one}`)
  }
  for (const service of ['otel-collector', 'tempo', 'prometheus', 'loki']) await lab.run(['restart', service])
  const { code: after, stdout } = await lab.run(['status'])
  if (after !== 0) {
    bad++
    console.log(`BAD  the lab is not well afterwards:\n${stdout}`)
  }
} finally {
  await lab.close()
}
console.log(bad === 0 ? 'all refused or answered in bounds' : `${bad} out of bounds`)
process.exitCode = bad === 0 ? 0 : 1

/** Asks for Tempo's readiness again and again; `stop` gives the longest wait. */
function watchHealth(url: string): { stop(): Promise<number> } {
  let slowest = 0
  let stopped = false
  const loop = (async () => {
    while (!stopped) {
      const began = performance.now()
      await fetch(`${url}/ready`, { signal: AbortSignal.timeout(60_000) }).catch(() => {})
      slowest = Math.max(slowest, performance.now() - began)
      await new Promise((done) => setTimeout(done, 20))
    }
  })()
  return {
    async stop() {
      stopped = true
      await loop
      return slowest
    },
  }
}
