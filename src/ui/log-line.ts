import { type Paint, paint } from './paint.ts'

const NAME_WIDTH = 14

/** A service's log line; with its service in front where lines of several are mixed. */
export function renderLogLine(
  line: { service: string; text: string },
  options: { several: boolean; paint?: Paint },
): string {
  if (!options.several) return line.text
  const p = options.paint ?? paint()
  const colours = { 'otel-collector': p.magenta, tempo: p.cyan, prometheus: p.yellow, loki: p.green, grafana: p.blue }
  const colour = colours[line.service as keyof typeof colours] ?? p.dim
  return `${colour(line.service.padEnd(NAME_WIDTH))} ${p.dim('|')} ${line.text}`
}
