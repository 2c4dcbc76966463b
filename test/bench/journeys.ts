// Each fault of the pipeline, by the three commands that follow telemetry: npm run bench -- journeys [--only NAME,NAME]
// In a lab with the fault in it `latency`, `flow` and `correlate` must name its hop and say what its file wants said of
// it, the mend included. The table has the seconds from the command line to the answer.
import { parseArgs } from 'node:util'
import { type Fault, inject, loadFaults, restore } from '../../src/faults.ts'
import { renderTable } from '../../src/ui/table.ts'
import { lendLabs } from '../faults/lend.ts'
import { COMMANDS, type Named, nameIt } from '../faults/name-it.ts'

const { values } = parseArgs({ options: { only: { type: 'string' }, labs: { type: 'string', default: '2' } } })
const only = values.only?.split(',')
/** What is lost whole, by a run of the demo: all three commands meet it. */
const isMet = ({ name, where, loses = 'all', demo = 'normal' }: Fault) =>
  only ? only.includes(name) : where !== 'query' && loses === 'all' && demo === 'normal'
const faults = (await loadFaults()).filter(isMet)
const labs = lendLabs(Number(values.labs))

const rows = await Promise.all(
  faults.map((fault) =>
    labs.lend(async (lab) => {
      const named: Named[] = []
      try {
        const env = await inject(lab.faults, [fault])
        for (const command of COMMANDS) named.push(await nameIt(lab, fault, command, env))
      } finally {
        await restore(lab.faults)
      }
      const cells = named.map(({ hop, seconds, unsaid }) =>
        hop === fault.hop && unsaid.length === 0 ? `${seconds.toFixed(1)} s` : `✗ ${hop} ${unsaid.join('; ')}`,
      )
      const line = [fault.name, fault.signals.join(' '), fault.hop, ...cells]
      console.log(line.join(' | '))
      return { line, named, good: cells.every((cell) => !cell.startsWith('✗')) }
    }),
  ),
)
await labs.close()
console.log(
  renderTable(
    ['FAULT', 'LOSES', 'HOP', ...COMMANDS.map((one) => one.toUpperCase())],
    rows.map(({ line }) => line),
  ),
)
const good = rows.filter((row) => row.good)
const seconds = rows.flatMap(({ named }) => named.map((one) => one.seconds)).sort((a, b) => a - b)
console.log(
  `${good.length} of ${rows.length} faults are named by all three, after ${seconds[0]?.toFixed(1)} to ${seconds.at(-1)?.toFixed(1)} s, half of them within ${seconds[seconds.length >> 1]?.toFixed(1)} s`,
)
for (const { line, named } of rows.filter((row) => !row.good)) {
  console.log(`\n${line[0]}`)
  for (const { command, said } of named) console.log(`  ${command}: ${said}`)
}
process.exitCode = good.length === rows.length ? 0 : 1
