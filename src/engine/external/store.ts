import { chmod, readFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { LabError } from '../../errors.ts'
import { makeDir, writeFileAtomic } from '../../util/atomic-write.ts'
import type { Workspace } from '../../workspace.ts'
import type { Headers, Urls } from './settings.ts'

type Folder = Pick<Workspace, 'state' | 'setState' | 'statePath'>

/** Headers may hold secrets, so they are not in state.json but in a file that only its owner may read. */
const headersFile = (workspace: Folder) => workspace.statePath('external-headers.json')

export async function readExternal(workspace: Folder): Promise<{ urls: Urls; headers: Headers }> {
  const { external } = await workspace.state()
  const path = headersFile(workspace)
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '{}'
    throw new LabError('state-broken', `cannot read ${path}: ${error.message}`, { cause: error })
  })
  try {
    return { urls: (external ?? {}) as Urls, headers: JSON.parse(text) as Headers }
  } catch (error) {
    throw new LabError('state-broken', `${path} is not JSON`, { hint: `rm ${path}`, cause: error })
  }
}

export async function writeExternal(workspace: Folder, urls: Urls, headers: Headers): Promise<void> {
  const path = headersFile(workspace)
  await makeDir(dirname(path))
  await writeFileAtomic(path, `${JSON.stringify(headers, undefined, 2)}\n`, { mode: 0o600 })
  // A lax umask cannot widen a mode, but an old file's may have been wider.
  await chmod(path, 0o600)
  await workspace.setState({ engine: 'external', external: urls })
}
