export type Style = 'plain' | 'strong' | 'dim' | 'command' | 'good' | 'bad' | 'slow'

export interface Line {
  text: string
  style?: Style
}
