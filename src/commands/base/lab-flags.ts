import { Flags } from '@oclif/core'

export const engineFlag = Flags.option({
  description: 'what runs the stack; remembered by the lab',
  options: ['embedded', 'docker', 'external'] as const,
})
