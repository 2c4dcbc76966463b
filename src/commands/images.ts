import { LabCommand } from './base.ts'
import { openStore } from './images/store.ts'

export class Images extends LabCommand {
  static override summary = 'Say which images the docker engine needs, and which are there'
  static override description = 'Exit code 0 when all are there, 4 when one is missing.'
  static override examples = ['<%= config.bin %> images', '<%= config.bin %> images --json']
  static override enableJsonFlag = true

  async run() {
    await this.parse(Images)
    const [store, { renderTable }, { humanBytes }, { paint }, { EXIT }] = await Promise.all([
      openStore(),
      import('../ui/table.ts'),
      import('../ui/numbers.ts'),
      import('../ui/paint.ts'),
      import('../errors.ts'),
    ])
    const images = await store.list()
    const p = paint()
    const rows = images.map(({ image, services, id, bytes }) => [
      image,
      id === undefined ? p.yellow('missing') : p.green('there'),
      bytes === undefined ? '' : humanBytes(bytes),
      services.join(', '),
    ])
    this.log(renderTable(['IMAGE', 'STATE', 'SIZE', 'FOR'], rows, { paint: p }))
    const missing = images.filter(({ id }) => id === undefined)
    if (missing.length > 0) {
      this.log('\n→ otel-lab images pull\n  or, without internet: otel-lab images load FILE')
      this.endWith(EXIT.broken)
    }
    return { daemon: store.host, images, missing: missing.map(({ image }) => image) }
  }
}
