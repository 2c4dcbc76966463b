import { createReadStream, createWriteStream } from 'node:fs'
import { rename, rm, stat } from 'node:fs/promises'
import { pipeline } from 'node:stream/promises'
import type Docker from 'dockerode'
import { EXIT, LabError } from '../../errors.ts'
import { writeError } from '../../util/atomic-write.ts'
import { daemonFull, saidBy } from './errors.ts'
import { followProgress } from './progress.ts'

/** Writes images into one file, as `docker save` does; the file is there whole or not at all. Gives its size. */
export async function saveBundle(docker: Docker, images: readonly string[], path: string): Promise<number> {
  const temp = `${path}.${process.pid}.tmp`
  const query = images.map((image) => `names=${encodeURIComponent(image)}`).join('&')
  const stream = await new Promise<NodeJS.ReadableStream>((resolve, reject) => {
    // dockerode has `get` for a single image only.
    docker.modem.dial(
      {
        path: `/images/get?${query}&`,
        method: 'GET',
        isStream: true,
        statusCodes: { 200: true, 404: 'no such image', 500: 'server error' },
      },
      (error, answer) => (error ? reject(error) : resolve(answer as NodeJS.ReadableStream)),
    )
  })
  try {
    await pipeline(stream, createWriteStream(temp, { flags: 'wx' }))
    await rename(temp, path)
  } catch (error) {
    throw writeError(error, path)
  } finally {
    await rm(temp, { force: true })
  }
  return (await stat(path)).size
}

/** Gives a bundle's images to the daemon. Returns what it says it took. Throws LabError `no-bundle` or `bundle-broken`. */
export async function loadBundle(docker: Docker, path: string): Promise<string[]> {
  const there = await stat(path).catch(() => undefined)
  if (!there?.isFile()) {
    throw new LabError('no-bundle', `there is no file ${path}`, {
      hint: 'Where there is internet: otel-lab images save otel-lab-images.tar',
      exit: EXIT.usage,
    })
  }
  const broken = (why: string, cause?: unknown) =>
    new LabError('bundle-broken', `${path} cannot be loaded: ${why}`, {
      hint: 'Was it copied whole? Make it anew where there is internet: otel-lab images save otel-lab-images.tar',
      cause,
    })
  const loaded: string[] = []
  try {
    const stream = await docker.loadImage(createReadStream(path))
    await followProgress(stream, ({ stream: text = '' }) => {
      const name = /^Loaded image(?: ID)?: (.+)$/m.exec(text)?.[1]
      if (name !== undefined) loaded.push(name)
    })
  } catch (error) {
    if (/no space left on device/i.test(saidBy(error))) throw daemonFull(`load ${path}`, error)
    throw broken(saidBy(error), error)
  }
  // What is no archive at all the daemon takes for an empty one.
  if (loaded.length === 0) throw broken('the daemon finds no image in it')
  return loaded
}
