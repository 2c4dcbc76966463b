import type { Paint } from './paint.ts'

/** What stands in backticks, and is left alone; `**strong**`; `*stressed*`. A star within a name (`OTEL_*`) is a star. */
const INLINE = /(`[^`]*`)|(?<![\w*])\*\*(?=\S)(.+?)(?<=\S)\*\*(?![\w*])|(?<![\w*])\*(?=[^\s*])([^*]*[^\s*])\*(?![\w*])/g

/** Markdown's emphasis in a line of prose, as the terminal has it; without colours the words alone. */
export const emphasised = (line: string, p: Paint): string =>
  line.replace(INLINE, (whole, code?: string, strong?: string, stressed?: string) => {
    if (code !== undefined) return code
    if (strong !== undefined) return p.bold(strong)
    return stressed === undefined ? whole : p.italic(stressed)
  })
