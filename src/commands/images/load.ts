import { resolve } from 'node:path'
import { Args } from '@oclif/core'
import { LabCommand } from '../base.ts'
import { openStore } from './store.ts'

export class ImagesLoad extends LabCommand {
  static override summary = 'Give the images of a bundle to the Docker daemon'
  static override examples = ['<%= config.bin %> images load otel-lab-images.tar']
  static override enableJsonFlag = true
  static override args = { file: Args.string({ description: 'a bundle of images save', required: true }) }

  async run() {
    const { args } = await this.parse(ImagesLoad)
    const store = await openStore()
    const loaded = await store.load(resolve(args.file))
    for (const image of loaded) this.log(`✓ ${image}`)
    const missing = (await store.list()).filter(({ id }) => id === undefined).map(({ image }) => image)
    this.log(missing.length === 0 ? '\n→ otel-lab up --engine docker' : `\nStill missing: ${missing.join(', ')}`)
    return { loaded, missing }
  }
}
