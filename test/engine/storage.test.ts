import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { renderStorage } from '../../src/commands/base/storage-view.ts'
import { storedParts } from '../../src/engine/storage.ts'
import { findWorkspace } from '../../src/workspace.ts'

test('files and bytes of each folder of the embedded store; of volumes and foreign stacks what to do instead', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'storage-'))
  try {
    const lab = await findWorkspace({ cwd: dir, create: true, env: {} })
    const blocks = join(lab.root, '.otel-lab/store/tempo/blocks')
    await mkdir(blocks, { recursive: true })
    await writeFile(join(blocks, '00000001.parquet'), 'x'.repeat(2048))
    const parts = await storedParts('embedded', lab)
    expect(parts.find(({ service, kind }) => service === 'tempo' && kind === 'blocks')).toMatchObject({
      path: blocks,
      size: { files: 1, bytes: 2048, oldest: expect.any(Date) },
    })
    expect(parts.find(({ service, kind }) => service === 'loki' && kind === 'chunks')?.size).toEqual({
      files: 0,
      bytes: 0,
    })
    const shown = renderStorage('embedded', parts, new Date())
    expect(shown).toMatch(/tempo +blocks +1 +2\.00 KiB +.* ago/)
    expect(shown).toContain('Parquet')
    const docker = renderStorage('docker', await storedParts('docker', lab), new Date())
    expect(docker).toMatch(/tempo +volume +\? +\? +\/var\/tempo/)
    expect(docker).toContain('→ docker system df --verbose | grep tempo-data')
    expect(renderStorage('external', await storedParts('external', lab), new Date())).toContain('not ours to see')
  } finally {
    await rm(dir, { recursive: true, force: true })
  }
})
