import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import type { AuthConfig } from 'dockerode'

/** Docker's own name for the registry of images without one. */
const DOCKER_HUB = 'https://index.docker.io/v1/'
const HELPER_MS = 15_000

interface ConfigFile {
  auths?: Record<string, { auth?: string; identitytoken?: string }>
  credsStore?: string
  credHelpers?: Record<string, string>
}

type Env = Record<string, string | undefined>

/**
 * What `docker login` left for an image's registry, looked up as Docker's own client does: a helper of that registry,
 * the store of all, the file. `problem` says why a login that is there cannot be had; a public image needs none.
 */
export async function loginFor(image: string, env: Env): Promise<{ auth?: AuthConfig; problem?: string }> {
  const path = join(env.DOCKER_CONFIG || join(env.HOME || homedir(), '.docker'), 'config.json')
  const text = await readFile(path, 'utf8').catch(() => undefined)
  if (text === undefined) return {}
  const registry = registryOf(image)
  try {
    const { auths = {}, credHelpers = {}, credsStore } = JSON.parse(text) as ConfigFile
    const helper = credHelpers[registry] ?? credsStore
    if (helper) return await askHelper(helper, registry, env)
    const found = Object.entries(auths).find(([server]) => hostOf(server) === hostOf(registry))?.[1]
    return found ? { ...authOf(registry, found) } : {}
  } catch (error) {
    return { problem: `${path} cannot be read: ${(error as Error).message}` }
  }
}

/** The first part of a name is a registry when it looks like a host. */
export function registryOf(image: string): string {
  const [first, ...rest] = image.split('/')
  return rest.length > 0 && /[.:]|^localhost$/.test(first!) ? first! : DOCKER_HUB
}

const hostOf = (server: string) => server.replace(/^https?:\/\//, '').replace(/\/.*$/, '')

function authOf(serveraddress: string, entry: { auth?: string; identitytoken?: string }): { auth?: AuthConfig } {
  if (entry.identitytoken) return { auth: { identitytoken: entry.identitytoken, serveraddress } as never }
  const [username = '', ...password] = Buffer.from(entry.auth ?? '', 'base64')
    .toString('utf8')
    .split(':')
  return username === '' ? {} : { auth: { username, password: password.join(':'), serveraddress } }
}

/** The protocol of docker-credential-helpers: the server on stdin, JSON on stdout. */
async function askHelper(name: string, registry: string, env: Env): Promise<{ auth?: AuthConfig; problem?: string }> {
  const program = `docker-credential-${name}`
  const answer = await new Promise<{ error: Error | null; stdout: string }>((done) => {
    const options = { timeout: HELPER_MS, env: env as NodeJS.ProcessEnv }
    const child = execFile(program, ['get'], options, (error, stdout) => done({ error, stdout }))
    child.stdin?.on('error', () => {})
    child.stdin?.end(`${registry}\n`)
  })
  if (answer.error && /credentials not found/i.test(answer.stdout)) return {}
  if (answer.error) {
    const said = answer.stdout.trim().split('\n')[0] || answer.error.message.split('\n')[0]
    return { problem: `${program}, which keeps the login of ${registry}, fails: ${said}` }
  }
  const { Username = '', Secret = '' } = JSON.parse(answer.stdout) as { Username?: string; Secret?: string }
  if (Username === '<token>') return { auth: { identitytoken: Secret, serveraddress: registry } as never }
  return Username === '' ? {} : { auth: { username: Username, password: Secret, serveraddress: registry } }
}
