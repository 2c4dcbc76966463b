import { readFile } from 'node:fs/promises'
import { Plugin } from '@oclif/core'
import { expect, test } from 'vitest'

test('oclif.manifest.json is what the commands say; `npm run build` writes it anew', async () => {
  const root = process.cwd()
  const plugin = new Plugin({
    root,
    type: 'core',
    ignoreManifest: true,
    errorOnManifestCreate: true,
    respectNoCacheDefault: true,
  })
  await plugin.load()
  expect(JSON.parse(await readFile('oclif.manifest.json', 'utf8'))).toEqual(JSON.parse(JSON.stringify(plugin.manifest)))
})
