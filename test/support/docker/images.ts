import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { copyFile, mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import Docker from 'dockerode'
import { build } from 'esbuild'
import type { ServiceName } from '../../../src/engine.ts'

const run = promisify(execFile)
export const BASE = 'otel-lab-test/base:1'

interface Seat {
  user: string
  data: string
  entrypoint: string[]
  /** A program of this machine that goes in with its libraries, and where. */
  program?: { from: string; to: string }
}

/** Debian's Prometheus; another real program where the environment names one, such as a Collector built from its modules. */
const PROGRAMS: Partial<Record<ServiceName, string | undefined>> = {
  'otel-collector': process.env.OTEL_LAB_TEST_COLLECTOR,
  tempo: process.env.OTEL_LAB_TEST_TEMPO,
  prometheus: process.env.OTEL_LAB_TEST_PROMETHEUS ?? '/usr/bin/prometheus',
  loki: process.env.OTEL_LAB_TEST_LOKI,
}

/** Users and folders are those of the real images. */
const SEATS: Partial<Record<ServiceName, Seat>> = {
  'otel-collector': seat('otel-collector', '10001', '/data'),
  tempo: seat('tempo', '10001', '/var/tempo'),
  loki: seat('loki', '10001', '/loki'),
  prometheus: seat('prometheus', '65534', '/prometheus'),
}

function seat(name: ServiceName, user: string, data: string): Seat {
  const from = PROGRAMS[name]
  if (from === undefined || !existsSync(from)) return { user, data, entrypoint: ['/usr/bin/node', '/seat.mjs', name] }
  const to = `/bin/${name}`
  return { user, data, entrypoint: [to], program: { from, to } }
}

/**
 * Images for the lab's seats, made on the spot: nothing can be pulled. Gives each service's image, for
 * `--image` and the engine's options.
 */
export async function makeImages(host: string): Promise<Partial<Record<ServiceName, string>>> {
  const docker = new Docker({ socketPath: host.replace(/^unix:\/\//, '') })
  const dir = await realpath(await mkdtemp(join(tmpdir(), 'otel-lab-images-')))
  try {
    await layOutBase(dir)
    await buildImage(docker, dir, BASE, ['FROM scratch', 'COPY rootfs/ /'])
    const images: Partial<Record<ServiceName, string>> = {}
    for (const [name, { user, data, entrypoint, program }] of Object.entries(SEATS) as [ServiceName, Seat][]) {
      const image = `otel-lab-test/${name}:1`
      const context = join(dir, name)
      await mkdir(join(context, 'data'), { recursive: true })
      if (program) await copyProgram(program.from, join(context, 'rootfs'), program.to)
      await buildImage(docker, context, image, [
        // A COPY that adds nothing trips Debian's dockerd.
        ...(program ? ['FROM scratch', 'COPY rootfs/ /'] : [`FROM ${BASE}`]),
        `COPY --chown=${user}:${user} data ${data}`,
        `USER ${user}`,
        `ENTRYPOINT ${JSON.stringify(entrypoint)}`,
      ])
      images[name] = image
    }
    return images
  } finally {
    await rm(dir, { recursive: true, force: true })
  }
}

/** Node, its libraries and the bundled seat. */
async function layOutBase(dir: string): Promise<void> {
  const rootfs = join(dir, 'rootfs')
  await copyProgram(process.execPath, rootfs, '/usr/bin/node')
  await build({
    entryPoints: [join(import.meta.dirname, 'seat.ts')],
    outfile: join(rootfs, 'seat.mjs'),
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    banner: {
      js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
    },
    logLevel: 'error',
  })
}

/** A program and what `ldd` names, at the same paths. */
async function copyProgram(program: string, rootfs: string, to: string): Promise<void> {
  const { stdout } = await run('ldd', [program]).catch(() => ({ stdout: '' }))
  const libraries = [...stdout.matchAll(/(?:=>\s*)?(\/\S+)\s+\(0x/g)].map(([, path]) => path!)
  for (const [from, at] of [[program, to], ...libraries.map((path) => [path, path])] as [string, string][]) {
    await mkdir(dirname(join(rootfs, at)), { recursive: true })
    await copyFile(await realpath(from), join(rootfs, at))
  }
}

async function buildImage(docker: Docker, context: string, tag: string, dockerfile: string[]): Promise<void> {
  await writeFile(join(context, 'Dockerfile'), `${dockerfile.join('\n')}\n`)
  const parts = ['rootfs', 'data'].filter((part) => dockerfile.some((line) => new RegExp(` ${part}/? `).test(line)))
  const stream = await docker.buildImage({ context, src: ['Dockerfile', ...parts] }, { t: tag })
  await new Promise<void>((resolve, reject) => {
    docker.modem.followProgress(stream, (error, output) => {
      const failed = error ?? (output as { error?: string }[]).find((event) => event.error)?.error
      if (failed) reject(new Error(`cannot build ${tag}: ${String(failed)}`))
      else resolve()
    })
  })
}
