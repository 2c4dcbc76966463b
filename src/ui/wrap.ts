import { widthOf, wrapWords } from './width.ts'
import { wrapCommand } from './wrap-command.ts'

const COLOUR = '(?:\\u001b\\[[\\d;]*m)*'
/** The first word of a line may be a mark such as ✗ or →; what follows stands under the text, not under the mark. */
const MARK = `\\s*${COLOUR}(?:[✓✗→…•!·◷●◐○+-]|\\d+\\.)${COLOUR}\\s+`
/** So does what follows a label of an indented line, as in `    seen     nothing`. */
const LABEL = `\\s{2,}${COLOUR}[a-z]+(?: [a-z]+)?${COLOUR}\\s{2,}${COLOUR}`
const MARGIN = new RegExp(`^(?:${MARK}|${LABEL}|\\s*)`)
const COMMAND = `${COLOUR}(?:[A-Z_]+=\\S+ )*(?:(?:npx )?otel-lab [a-z]|neuro-preprocess [-./]|npm |\\$ |curl )`
const IS_COMMAND = new RegExp(`^${COMMAND}`)
/** Prose that ends in a command: where the command begins. */
const ENDS_IN_COMMAND = new RegExp(`[:?] +(?=${COMMAND})`, 'g')
/** What is printed as somebody else wrote it, such as a log line. */
const IS_DATA = new RegExp(`^${COLOUR}[{[]`)

/**
 * Prose for a terminal of `width` columns: what is too long is broken between words and goes on under its own text.
 * A no-break space keeps two words together. A command can still be copied: it begins on a line of its own and goes on behind a backslash.
 */
export function wrapProse(text: string, width: number): string {
  return text
    .split('\n')
    .flatMap((line) => (widthOf(line) <= width ? [line] : wrapLine(line, width)))
    .join('\n')
    .replaceAll('\u00a0', ' ')
}

function wrapLine(line: string, width: number): string[] {
  const margin = MARGIN.exec(line)?.[0] ?? ''
  const rest = line.slice(margin.length)
  if (IS_DATA.test(rest)) return [line]
  const indent = Math.min(widthOf(margin), Math.floor(width / 2))
  const under = ' '.repeat(indent)
  const hang = (lines: string[]) => lines.map((one, i) => (i === 0 ? margin : under) + one)
  if (IS_COMMAND.test(rest) && !goesOn(rest.split(/ {2,}/)[0]!)) return hang(wrapCommand(rest, width - indent))
  const at = commandAt(rest)
  if (at === undefined) return hang(wrapWords(together(rest), width - indent))
  const prose = wrapWords(together(rest.slice(0, at).trimEnd()), width - indent)
  const command = wrapCommand(rest.slice(at), width - indent - 2)
  return hang([...prose, ...command.map((one) => `  ${one}`)])
}

/** Where the command begins with which a line ends; undefined where there is none, or prose goes on behind it. */
function commandAt(text: string): number | undefined {
  const last = [...text.matchAll(ENDS_IN_COMMAND)].at(-1)
  if (last === undefined) return undefined
  const at = last.index + last[0].length
  return goesOn(text.slice(at)) ? undefined : at
}

/** A command that is named in a sentence keeps its two or three words on one line. */
const together = (text: string): string =>
  text.replace(/(?:\bnpx )?\botel-lab [a-z]/g, (words) => words.replaceAll(' ', '\u00a0'))

/** Whether what begins as a command is a sentence. */
function goesOn(text: string): boolean {
  return /[,;.)] |[,;)]$/.test(text.replace(/'[^']*'|"[^"]*"/g, ''))
}
