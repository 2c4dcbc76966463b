import { Flags } from '@oclif/core'
import { SERVICES, type ServiceName } from '../../engine.ts'
import { EXIT, LabError } from '../../errors.ts'

export const engineFlag = Flags.option({
  description: 'what runs the stack; remembered by the lab',
  options: ['embedded', 'docker', 'external'] as const,
})

/** What only the docker engine has; naming one of them names it. The lab remembers all but `--pull`. */
export const dockerFlags = {
  pull: Flags.option({
    description: 'with docker: when images are pulled; missing ones unless said',
    options: ['missing', 'always', 'never'] as const,
  })(),
  project: Flags.string({ description: 'with docker: the Compose project, by which labs share one daemon' }),
  image: Flags.string({
    description: 'with docker: SERVICE=IMAGE, another than the pinned one',
    multiple: true,
  }),
  grafana: Flags.boolean({ description: 'with docker: run Grafana too, which is the rule', allowNo: true }),
}

export function dockerOptions(flags: {
  pull?: 'missing' | 'always' | 'never' | undefined
  project?: string | undefined
  image?: string[] | undefined
  grafana?: boolean | undefined
}) {
  const { pull, project, image, grafana } = flags
  return {
    ...(pull && { pull }),
    ...(project !== undefined && { project }),
    ...(image && { images: imagesOf(image) }),
    ...(grafana !== undefined && { grafana }),
  }
}

function imagesOf(texts: readonly string[]): Partial<Record<ServiceName, string>> {
  return Object.fromEntries(
    texts.map((text) => {
      const [, service, image] = /^([^=]+)=(\S+)$/.exec(text) ?? []
      if (SERVICES.some((name) => name === service)) return [service, image]
      throw new LabError('usage', `--image ${text} is not SERVICE=IMAGE`, {
        hint: `otel-lab up --image tempo=grafana/tempo:3.0.3\nServices: ${SERVICES.join(', ')}`,
        exit: EXIT.usage,
      })
    }),
  )
}
