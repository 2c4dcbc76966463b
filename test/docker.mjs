// A Docker stack to try things on where nothing can be pulled: see test/support/docker/README.md.
//   node test/docker.mjs images          makes the images on the daemon of DOCKER_HOST and prints the flags for `up`
//   node test/docker.mjs daemon FOLDER   runs a dockerd of its own, with everything in FOLDER, until Ctrl-C
import { spawn } from 'node:child_process'
import { createSocket } from 'node:dgram'
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { build } from 'esbuild'

/** docker0's own address, at which the machine answers from every network. */
const BRIDGE = '172.17.0.1'

const [what, folder] = process.argv.slice(2)
if (what === 'images') await images(process.env.DOCKER_HOST ?? 'unix:///var/run/docker.sock')
else if (what === 'daemon' && folder) await daemon(resolve(folder))
else {
  console.error('usage: node test/docker.mjs images | daemon FOLDER')
  process.exitCode = 2
}

async function images(host) {
  const source = resolve(import.meta.dirname, 'support/docker/images.ts')
  // Below the package, so that what it imports is found.
  const dir = await mkdtemp(join(import.meta.dirname, '../node_modules/.docker-images-'))
  try {
    const outfile = join(dir, 'images.mjs')
    await build({
      entryPoints: [source],
      outfile,
      bundle: true,
      platform: 'node',
      format: 'esm',
      packages: 'external',
      define: { 'import.meta.dirname': JSON.stringify(resolve(source, '..')) },
      logLevel: 'error',
    })
    const { makeImages } = await import(pathToFileURL(outfile).href)
    const made = Object.entries(await makeImages(host)).map(([service, image]) => `--image ${service}=${image}`)
    console.log([...made, '--no-grafana'].join(' '))
  } finally {
    await rm(dir, { recursive: true, force: true })
  }
}

/** A bridge and published ports work without a rule in the machine's own tables; names need iptables in the containers' network. */
async function daemon(dir) {
  await mkdir(dir, { recursive: true })
  const at = (name) => join(dir, name)
  const own = ['--data-root', at('data'), '--exec-root', at('exec'), '--pidfile', at('pid')]
  const quiet = ['--iptables=false', '--ip6tables=false', '--ip-forward=false', `--dns=${BRIDGE}`]
  const names = nobodyKnows()
  const host = `unix://${at('docker.sock')}`
  const child = spawn('dockerd', [...quiet, ...own, '-H', host], { stdio: 'inherit' })
  console.error(`export DOCKER_HOST=${host}`)
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill('SIGTERM'))
  process.exitCode = await new Promise((done) => {
    child.once('exit', (code) => done(code ?? 1))
    child.once('error', (error) => {
      console.error(`dockerd does not start: ${error.message}`)
      done(1)
    })
  })
  names.close()
}

/**
 * Says at once that there is no such name. A gRPC client asks for SRV and TXT records of `tempo`, which Docker passes on;
 * with nobody to answer, each connection would wait for 5 s.
 */
function nobodyKnows() {
  const socket = createSocket('udp4')
  socket.on('message', (query, { port, address }) => {
    const answer = Buffer.from(query)
    answer.writeUInt16BE(0x8183, 2)
    socket.send(answer, port, address)
  })
  // The bridge is there once the daemon is; an answer from another address would not be taken.
  const bind = () => socket.bind(53, BRIDGE)
  socket.on('error', ({ code, message }) => {
    if (code === 'EADDRNOTAVAIL') setTimeout(bind, 500).unref()
    else console.error(`names are not answered: ${message}`)
  })
  bind()
  return socket
}
