import type { ConfigProblem } from '../../engine.ts'

/** What every fault of decoding begins with, however deep it lies. */
const PREAMBLE =
  /^(?:failed to get config: )?(?:invalid configuration: )?(?:cannot unmarshal the configuration: )?(?:decoding failed due to the following error\(s\):\s*)?/

/** A line of a log, Go's own or a structured one. */
const DATED = /^\d{4}[-/]\d\d[-/]\d\d[ T][\d:.]+Z?\s/

/**
 * What `otelcol validate` printed, as problems. It prints `Error: ` and then its reasons, and ends with a dated line of
 * its log that says the same again. It knows no lines; where our own reader has found a fault too, its line, column and
 * hint go along. An exit code of 0 is the collector's yes, whatever our reader may think.
 */
export function saidByValidate(code: number, output: string, own: readonly ConfigProblem[]): ConfigProblem[] {
  const warnings = own.filter(({ severity }) => severity === 'warning')
  if (code === 0) return warnings
  const said = output.split('\n')
  const from = said.findIndex((line) => line.startsWith('Error: '))
  const again = from < 0 ? -1 : said.findIndex((line, i) => i > from && DATED.test(line))
  const reasons = said
    .slice(Math.max(0, from), again === -1 ? undefined : again)
    .map((line) => line.replace(/^Error: /, ''))
    .join('\n')
    .replace(PREAMBLE, '')
    .trim()
  const message = reasons === '' ? `the collector's validate ended with code ${code} and said nothing` : reasons
  const errors = own.filter(({ severity }) => severity === 'error')
  const known = errors.find((error) => reasons.includes(error.message.split('\n').at(-1)!)) ?? errors[0]
  const { line, column, hint } = known ?? {}
  const problem: ConfigProblem = {
    severity: 'error',
    message,
    ...(line !== undefined && { line }),
    ...(column !== undefined && { column }),
    ...(hint !== undefined && { hint }),
  }
  return [problem, ...warnings]
}
