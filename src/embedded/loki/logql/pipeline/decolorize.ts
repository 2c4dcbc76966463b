import { RegexpCache } from '../regexp.ts'
import { type Stage, stage } from './stage.ts'

/** ANSI escape sequences, as the Go library stripansi finds them. */
const ANSI =
  '[\u001B\u009B][[\\]()#;?]*' +
  '(?:(?:(?:[a-zA-Z\\d]*(?:;[a-zA-Z\\d]*)*)?\u0007)|(?:(?:\\d{1,4}(?:;\\d{0,4})*)?[\\dA-PRZcf-ntqry=><~]))'

/** `| decolorize` */
export function decolorizeStage(): Stage {
  const regexps = new RegexpCache()
  return stage((line) => (/[\u001B\u009B]/.test(line) ? regexps.replaceAll(ANSI, line, '', true) : line))
}
