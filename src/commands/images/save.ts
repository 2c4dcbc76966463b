import { resolve } from 'node:path'
import { Args } from '@oclif/core'
import { LabCommand } from '../base.ts'
import { openStore } from './store.ts'

export class ImagesSave extends LabCommand {
  static override summary = 'Write all images into one file, for a room without internet'
  static override examples = ['<%= config.bin %> images save otel-lab-images.tar']
  static override enableJsonFlag = true
  static override args = { file: Args.string({ description: 'the bundle to write', required: true }) }

  async run() {
    const { args } = await this.parse(ImagesSave)
    const path = resolve(args.file)
    const [store, { humanBytes }] = await Promise.all([openStore(), import('../../ui/numbers.ts')])
    const bytes = await store.save(path)
    this.log(`Wrote ${path} (${humanBytes(bytes)}).\n\nOn the other machine:\n→ otel-lab images load ${args.file}`)
    return { path, bytes }
  }
}
