import { LabCommand } from '../base.ts'
import { openStore } from './store.ts'

export class ImagesPull extends LabCommand {
  static override summary = 'Pull the images that are missing, and start nothing'
  static override examples = ['<%= config.bin %> images pull']
  static override enableJsonFlag = true

  async run() {
    await this.parse(ImagesPull)
    const signal = this.interruptSignal()
    const [store, { createPullView }] = await Promise.all([openStore(), import('../../ui/pull.ts')])
    const view = createPullView()
    await store.pull((step, services) => {
      const line = view.finished(step)
      if (line) this.log(`↓ ${services.join(', ')}: ${line}`)
    }, signal)
    const images = await store.list()
    this.log(`All ${images.length} images are there.\n\n→ otel-lab up --engine docker`)
    return { daemon: store.host, images }
  }
}
