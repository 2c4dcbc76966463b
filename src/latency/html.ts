import { budgetOf } from './budget.ts'
import { DOOR_TITLES, DOORS } from './door.ts'
import type { Account } from './hop.ts'
import { hopTitle } from './hop-title.ts'
import type { Measurement } from './measurement.ts'

/** One page that needs nothing else: figures, waterfalls and histograms. `duration` writes milliseconds for people. */
export function measurementPage(measured: Measurement, duration: (ms: number) => string): string {
  const accounts = DOORS.flatMap((door) => measured.accounts[door] ?? [])
  const rows = DOORS.map((door) => {
    const seen = measured.figures[door]
    const { min, max } = budgetOf(measured.waits[door])
    const cells = seen
      ? [String(seen.count), ...[seen.min, seen.median, seen.errorMs, seen.p95, seen.max].map(duration)]
      : ['0', '', '', '', '', '']
    return `<tr><th scope="row">${DOOR_TITLES[door]}</th>${[...cells, `${duration(min)} to ${duration(max)}`].map((cell) => `<td>${text(cell)}</td>`).join('')}</tr>`
  })
  const made = measured.by === 'probes' ? 'probes' : 'runs of a program'
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Latency of telemetry</title>
<style>${STYLE}</style></head><body><main>
<h1>From its making until it can be queried</h1>
<p>${measured.wanted} ${made} on the ${measured.engine} engine, ${measured.startedAt.toISOString()}.</p>
<table><thead><tr><th scope="col">Door</th>${['N', 'Min', 'Median', '±', 'P95', 'Max', 'Config says'].map((head) => `<th scope="col">${head}</th>`).join('')}</tr></thead>
<tbody>${rows.join('\n')}</tbody></table>
${accounts.map((account) => section(account, duration)).join('\n')}
</main></body></html>
`
}

const STYLE = `:root{color-scheme:light dark;--bar:#2f7fb8;--late:#c0392b;--dim:#8884}body{font:15px/1.5 system-ui,sans-serif;margin:0}
main{max-width:60rem;margin:0 auto;padding:1rem}table{border-collapse:collapse;width:100%;display:block;overflow-x:auto}
td,th{text-align:right;padding:.25rem .6rem;border-bottom:1px solid var(--dim);white-space:nowrap}th[scope=row]{text-align:left}
svg{width:100%;height:auto;display:block}svg text{font:12px system-ui,sans-serif;fill:currentColor}rect{fill:var(--bar)}rect.late{fill:var(--late)}
.finding{border-left:3px solid var(--late);padding-left:.6rem}`

const WIDTH = 860
const ROW = 22

function section({ door, whole, hops, findings }: Account, duration: (ms: number) => string): string {
  const bars = waterfall(
    hops,
    findings.map(({ hop }) => hop),
    duration,
  )
  const said = findings.map(
    ({ hop, mean, expected, cause }) =>
      `<p class="finding">${text(hopTitle(hop))} took ${duration(mean)} where ${duration(expected)} was to be expected: ${text(cause)}</p>`,
  )
  return `<section><h2>${text(DOOR_TITLES[door])}: ${duration(whole.mean)} on average</h2>
${bars}${said.join('')}${whole.count < 5 ? '' : histogram(whole.samples, duration)}</section>`
}

/** The means of the hops, one after the other. */
function waterfall(hops: Account['hops'], late: readonly string[], duration: (ms: number) => string): string {
  const total = hops.reduce((sum, { mean }) => sum + Math.max(0, mean), 0)
  const [left, right] = [250, 150]
  const scale = total > 0 ? (WIDTH - left - right) / total : 0
  let at = 0
  const rows = hops.map(({ key, known, mean, from }, i) => {
    const x = left + at * scale
    at += Math.max(0, mean)
    const y = i * ROW
    const kind = late.includes(key) ? ' class="late"' : ''
    return `<g><title>${text(`${known}: ${from}`)}</title><text x="0" y="${y + 15}">${text(hopTitle(key))}</text>
<rect${kind} x="${x.toFixed(1)}" y="${y + 4}" width="${Math.max(1, Math.max(0, mean) * scale).toFixed(1)}" height="14"/>
<text x="${WIDTH - right + 8}" y="${y + 15}">${duration(mean)}, ${known}</text></g>`
  })
  return `<svg viewBox="0 0 ${WIDTH} ${hops.length * ROW}" role="img" aria-label="Where the time goes">${rows.join('')}</svg>`
}

function histogram(samples: readonly number[], duration: (ms: number) => string): string {
  const [low, high] = [samples[0]!, samples.at(-1)!]
  const count = Math.min(20, Math.max(5, Math.ceil(Math.sqrt(samples.length) * 2)))
  const step = (high - low) / count || 1
  const bins = new Array<number>(count).fill(0)
  for (const sample of samples) bins[Math.min(count - 1, Math.floor((sample - low) / step))]! += 1
  const most = Math.max(...bins)
  const width = WIDTH / count
  const bars = bins.map((n, i) => {
    const height = (n / most) * 80
    const edges = `${duration(low + i * step)} to ${duration(low + (i + 1) * step)}: ${n}`
    return `<rect x="${(i * width + 1).toFixed(1)}" y="${(90 - height).toFixed(1)}" width="${(width - 2).toFixed(1)}" height="${height.toFixed(1)}"><title>${edges}</title></rect>`
  })
  return `<svg viewBox="0 0 ${WIDTH} 110" role="img" aria-label="How often it took how long">${bars.join('')}
<text x="0" y="106">${duration(low)}</text><text x="${WIDTH}" y="106" text-anchor="end">${duration(high)}</text></svg>`
}

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }
const text = (raw: string) => raw.replaceAll(/[&<>"']/g, (char) => ENTITIES[char]!)
