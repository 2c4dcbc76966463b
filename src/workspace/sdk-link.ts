import { lstat, mkdir, readlink, rm, symlink } from 'node:fs/promises'
import { join } from 'node:path'

/**
 * Lets programs in the lab folder import `@opentelemetry/*`: node_modules/@opentelemetry there is a link to what came
 * with otel-lab. A node_modules that is the learner's own stays as it is; who runs npm has chosen their versions. Never
 * rejects: a folder that takes no links still is a lab, for programs in other languages.
 */
export async function linkSdk(root: string, packageRoot: string): Promise<void> {
  const target = join(packageRoot, 'dist', 'sdk', '@opentelemetry')
  const modules = join(root, 'node_modules')
  const link = join(modules, '@opentelemetry')
  try {
    const was = await readlink(link).catch(() => undefined)
    if (was === target || (was === undefined && (await exists(modules)))) return
    // Of another otel-lab, perhaps one that is gone.
    if (was !== undefined && !/[/\\]dist[/\\]sdk[/\\]@opentelemetry[/\\]?$/.test(was)) return
    await mkdir(modules, { recursive: true })
    await rm(link, { force: true })
    // A junction is what Windows lets everybody make; others do not know the word.
    await symlink(target, link, 'junction')
  } catch {
    // The program says then that there is no such package.
  }
}

const exists = (path: string) =>
  lstat(path).then(
    () => true,
    () => false,
  )
