/** The part of the lexer that its helpers use. */
export interface Scanner {
  readonly text: string
  pos: number
  /** '' at the end. */
  peek(offset?: number): string
  fail(message: string): never
}
