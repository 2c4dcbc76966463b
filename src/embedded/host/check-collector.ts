import { resolveConfig } from '../../collector-config.ts'
import { EXIT, LabError } from '../../errors.ts'

/** Refuses a collector config before the running collector is touched. Throws LabError `config-refused`. */
export function checkCollector(text: string, path: string, env: Record<string, string | undefined>): void {
  const errors = resolveConfig(text, env).diagnostics.filter(({ severity }) => severity === 'error')
  if (errors.length === 0) return
  const lines = errors.map(({ message, line }) => `${path}${line === undefined ? '' : `:${line}`}: ${message}`)
  const hints = errors.flatMap(({ hint }) => (hint ? [hint] : []))
  throw new LabError('config-refused', `the collector refuses its config\n${lines.join('\n')}`, {
    hint: hints[0] ?? 'otel-lab config diff',
    exit: EXIT.failed,
  })
}
