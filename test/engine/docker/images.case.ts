import { stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { openImageStore } from '../../../src/engine/docker/image-store.ts'
import type { UpEvent } from '../../../src/engine.ts'
import { startRegistry, type TestRegistry } from '../../support/docker/registry.ts'
import { type SmallLab, smallLab } from '../../support/docker/small.ts'

/** Pulls from a registry of the test's own, and bundles. */
export function imageCases(host: () => string): void {
  let registry: TestRegistry
  let lab: SmallLab
  beforeAll(async () => {
    registry = await startRegistry()
  })
  afterAll(() => registry.close())
  afterEach(() => lab?.close())

  /** An image of nothing but files cannot start: what is looked at is the way there. */
  async function pull(image: string): Promise<{ error: unknown; events: UpEvent[] }> {
    lab = await smallLab(host(), `  tempo: { image: "${image}", command: [none] }`)
    const events: UpEvent[] = []
    const error = await lab.engine.up({ onEvent: (event) => events.push(event) }).catch((why: unknown) => why)
    return { error, events }
  }

  test('a missing image is pulled, each layer told by itself; one that is there is not', async () => {
    const image = `${registry.host}/lab/there:1`
    const { events } = await pull(image)
    const pulled = events.filter(({ state, pull: step }) => state === 'pulling' && step?.status === 'Pull complete')
    expect(pulled.map(({ service }) => service)).toEqual(['tempo', 'tempo', 'tempo'])
    expect(new Set(pulled.map(({ pull: step }) => step!.layer)).size).toBe(3)
    await lab.close()
    const again = await pull(image)
    expect(again.events.some(({ state }) => state === 'pulling')).toBe(false)
    await lab.docker.getImage(image).remove({ force: true })
  })

  test.each([
    ['lab/unknown:1', 'image-unknown', /does not have it/],
    ['lab/limited:1', 'pull-limited', /limit/],
  ])('%s: %s', async (name, code, message) => {
    const { error } = await pull(`${registry.host}/${name}`)
    expect(error).toMatchObject({ code, message: expect.stringMatching(message), hint: expect.stringContaining('') })
    expect(await lab.left()).toEqual({ containers: [], networks: [], volumes: [] })
  })

  test('a registry that wants a login gets that of docker login', async () => {
    const closed = await startRegistry({ login: 'learner:s:cret' })
    const image = `${closed.host}/lab/there:1`
    try {
      lab = await smallLab(host(), `  tempo: { image: "${image}", command: [none] }`)
      const env = { ...process.env, DOCKER_HOST: host(), DOCKER_CONFIG: lab.workspace.root }
      await expect(lab.another({ env }).up({})).rejects.toMatchObject({
        code: 'image-unknown',
        hint: expect.stringContaining('docker login'),
      })
      const auths = { [closed.host]: { auth: Buffer.from('learner:s:cret').toString('base64') } }
      await writeFile(join(lab.workspace.root, 'config.json'), JSON.stringify({ auths }))
      const events: UpEvent[] = []
      await lab
        .another({ env })
        .up({ onEvent: (event) => events.push(event) })
        .catch(() => {})
      expect(events.filter(({ pull }) => pull?.status === 'Pull complete')).toHaveLength(3)
    } finally {
      closed.close()
      await lab.docker
        .getImage(image)
        .remove({ force: true })
        .catch(() => {})
    }
  })

  test('without a network, what is missing is named, with the way around', async () => {
    const { error } = await pull('127.0.0.1:1/lab/there:1')
    expect(error).toMatchObject({ code: 'pull-offline', hint: expect.stringContaining('otel-lab images load') })
  })

  test('a bundle takes the images from one daemon to another', async () => {
    const image = `${registry.host}/lab/there:1`
    await pull(image)
    const env = { ...process.env, DOCKER_HOST: host() }
    const names = ['COLLECTOR', 'TEMPO', 'PROMETHEUS', 'LOKI', 'GRAFANA'].map((name) => [
      `OTEL_LAB_${name}_IMAGE`,
      image,
    ])
    const store = await openImageStore(lab.workspace, { ...env, ...Object.fromEntries(names) })
    const path = join(lab.workspace.root, 'bundle.tar')
    const bytes = await store.save(path)
    expect((await stat(path)).size).toBe(bytes)
    await lab.docker.getImage(image).remove({ force: true })
    expect((await store.list()).filter(({ id }) => id === undefined)).toHaveLength(1)
    await expect(store.save(path)).rejects.toMatchObject({ code: 'images-missing' })
    expect(await store.load(path)).toEqual([image])
    expect((await store.list()).filter(({ id }) => id === undefined)).toEqual([])
    await lab.docker.getImage(image).remove({ force: true })

    await writeFile(path, 'no archive')
    await expect(store.load(path)).rejects.toMatchObject({ code: 'bundle-broken' })
    await expect(store.load(join(lab.workspace.root, 'none.tar'))).rejects.toMatchObject({ code: 'no-bundle' })
  })
}
