export type Style = 'plain' | 'strong' | 'dim' | 'command' | 'good' | 'bad' | 'slow'

export interface Line {
  text: string
  style?: Style
  /** Markdown, whose emphasis is the screen's to show. */
  prose?: true
}
