import { mkdir, readdir, writeFile } from 'node:fs/promises'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { neuro, type TempDir, tempDir } from '../support/neuro.ts'
import { asNifti2, asPair, handmadeScan, headValue, readNifti, type ScanOptions } from '../support/nifti.ts'

let dir: TempDir
beforeAll(async () => {
  dir = await tempDir()
})
afterAll(() => dir.remove())

test('a phantom is processed: same geometry, the brain in it, the head around it gone', async () => {
  const made = await neuro(['synth', '-o', dir.path('in'), '--size', '32', '--seed', '7'])
  expect(made).toMatchObject({ code: 0, stdout: `${dir.path('in', 'sub-001_T1w.nii.gz')}\n` })
  const run = await neuro(['process', dir.path('in', 'sub-001_T1w.nii.gz'), '-o', dir.path('out')])
  expect(run).toMatchObject({ code: 0 })
  expect(await readdir(dir.path('out'))).toEqual(['sub-001_desc-preproc_T1w.nii.gz'])
  const before = await readNifti(dir.path('in', 'sub-001_T1w.nii.gz'))
  const after = await readNifti(dir.path('out', 'sub-001_desc-preproc_T1w.nii.gz'))
  expect(after.affine).toEqual(before.affine)
  expect(after.shape).toEqual([32, 32, 32])
  for (const key of ['qform_code', 'sform_code', 'xyzt_units', 'quatern_b', 'qoffset_y', 'pixDims'] as const) {
    expect(after.header[key], key).toEqual(before.header[key])
  }
  const inside = after.voxels.filter((value) => value > 0)
  expect(inside.length / after.voxels.length).toBeGreaterThan(0.12)
  expect(inside.length / after.voxels.length).toBeLessThan(0.3)
  // White matter is bright and in the middle, the corners are blank.
  expect(after.voxels[16 + 4 + 32 * (16 + 32 * 20)]).toBeGreaterThan(0.8)
  expect([...after.voxels.subarray(0, 64)].every((value) => value === 0)).toBe(true)
})

test('the same seed makes the same scan, another one another', async () => {
  const make = async (name: string, seed: string) => {
    await neuro(['synth', '-o', dir.path('seeds'), '--size', '16', '--seed', seed, '--name', `${name}.nii.gz`])
    return Buffer.from((await readNifti(dir.path('seeds', `${name}.nii.gz`))).voxels.buffer)
  }
  const [a, b, c] = [await make('a', '5'), await make('b', '5'), await make('c', '6')]
  expect(a.equals(b)).toBe(true)
  expect(a.equals(c)).toBe(false)
  const again = await neuro(['synth', '-o', dir.path('seeds'), '--size', '16', '--name', 'a.nii.gz'])
  expect(again.code).toBe(1)
  expect(again.stderr).toContain('is there already')
})

test('NIfTI-2 and pairs: the same brain in the same place, in the version that the scan has', async () => {
  const scan = handmadeScan({ size: 20, datatype: 'int16' })
  const big = handmadeScan({ size: 20, datatype: 'int16', bigEndian: true })
  const [old, pair] = [asPair(scan), asPair(asNifti2(scan))]
  const files: Record<string, Buffer> = {
    'one.nii': scan,
    'two.nii.gz': gzipSync(asNifti2(scan)),
    'big.nii': asNifti2(big),
    'old.hdr': old.hdr,
    'old.img': old.img,
    'pair.hdr.gz': gzipSync(pair.hdr),
    'pair.img.gz': gzipSync(pair.img),
  }
  await mkdir(dir.path('versions'))
  for (const [name, bytes] of Object.entries(files)) await writeFile(dir.path('versions', name), bytes)
  const inputs = Object.keys(files).map((name) => dir.path('versions', name))
  const run = await neuro(['process', ...inputs, '-o', dir.path('versions-out'), '--json'])
  expect(run.code).toBe(0)
  // A pair is one scan, whichever of its files is named.
  expect(JSON.parse(run.stdout)).toMatchObject({ processed: 5, failed: 0 })
  const read = (name: string) => readNifti(dir.path('versions-out', `${name}_desc-preproc.nii.gz`))
  const one = await read('one')
  for (const [name, version] of [
    ['two', 2],
    ['big', 2],
    ['old', 1],
    ['pair', 2],
  ] as const) {
    const { header, affine, voxels } = await read(name)
    expect(header.constructor.name, name).toBe(`NIFTI${version}`)
    expect(affine, name).toEqual(one.affine)
    expect(header.pixDims.slice(1, 4), name).toEqual(one.header.pixDims.slice(1, 4))
    expect(Buffer.from(voxels.buffer).equals(Buffer.from(one.voxels.buffer)), name).toBe(true)
  }
  const byImage = await neuro(['process', dir.path('versions', 'old.img'), '-o', dir.path('by-image')])
  expect(byImage.code).toBe(0)
})

test('of several volumes the one that is asked for, and it is said which', async () => {
  const [first, second] = [handmadeScan({ size: 20, datatype: 'uint8' }), handmadeScan({ size: 20, datatype: 'uint8' })]
  // Another head: brighter inside on one side.
  for (let i = 352; i < 352 + 10 * 400; i++) if (second[i] === 80) second[i] = 100
  const both = handmadeScan({ size: 20, datatype: 'uint8', volumes: 2 })
  both.set(second.subarray(352), both.length - 20 ** 3)
  for (const [name, bytes] of Object.entries({ first, second, both })) await writeFile(dir.path(`${name}.nii`), bytes)
  const voxels = async (name: string, ...more: string[]) => {
    const out = dir.path(`volumes-${name}-${more.length}`)
    const run = await neuro(['process', dir.path(`${name}.nii`), '-o', out, '--json', ...more])
    const { voxels } = await readNifti(`${out}/${name}_desc-preproc.nii.gz`)
    return { bytes: Buffer.from(voxels.buffer), run }
  }
  const [none, one] = [await voxels('both'), await voxels('both', '--volume', '1')]
  expect(none.bytes.equals((await voxels('first')).bytes)).toBe(true)
  expect(one.bytes.equals((await voxels('second')).bytes)).toBe(true)
  expect(one.bytes.equals(none.bytes)).toBe(false)
  expect(JSON.parse(one.run.stdout).files[0]).toMatchObject({ volume: 1, volumes: 2 })
  expect(one.run.stderr).toContain('volume 1 of 2, counted from 0')
})

const KINDS: Record<string, Partial<ScanOptions>> = {
  uint8: { datatype: 'uint8' },
  int8: { datatype: 'int8' },
  int16: { datatype: 'int16' },
  'int16 of the other byte order': { datatype: 'int16', bigEndian: true },
  uint16: { datatype: 'uint16' },
  int32: { datatype: 'int32' },
  uint32: { datatype: 'uint32', bigEndian: true },
  int64: { datatype: 'int64' },
  'uint64 of the other byte order': { datatype: 'uint64', bigEndian: true },
  float32: { datatype: 'float32' },
  'float32 of the other byte order': { datatype: 'float32', bigEndian: true },
  float64: { datatype: 'float64' },
  'float64 of the other byte order': { datatype: 'float64', bigEndian: true },
  'scaled int16': { datatype: 'int16', slope: 0.5, inter: 3 },
  'a slope of 0, which means none': { datatype: 'int16', slope: 0, inter: 9 },
  'with an extension': { datatype: 'int16', extension: 64 },
  'of four volumes': { datatype: 'uint8', volumes: 4 },
}

test('every type, byte order and scaling gives the same brain', async () => {
  const names = Object.keys(KINDS)
  await mkdir(dir.path('types'))
  const files = await Promise.all(
    Object.values(KINDS).map(async (kind, i) => {
      const scan = handmadeScan({ size: 20, datatype: 'int16', ...kind })
      const path = dir.path('types', i % 2 ? `t${i}.nii.gz` : `t${i}.nii`)
      await writeFile(path, i % 2 ? gzipSync(scan) : scan)
      return path
    }),
  )
  const run = await neuro(['process', ...files, '-o', dir.path('types-out'), '--json'])
  expect(run.code).toBe(0)
  const summary = JSON.parse(run.stdout) as { processed: number; files: { output: string }[] }
  expect(summary.processed).toBe(names.length)
  const outputs = await Promise.all(summary.files.map(({ output }) => readNifti(output)))
  const affine = [
    [-5, 0, 0.5, 11],
    [0, 6, 0, -12],
    [0.25, 0, 7, 13],
    [0, 0, 0, 1],
  ]
  for (const [i, { voxels, ...image }] of outputs.entries()) {
    expect(image.affine, names[i]).toEqual(affine)
    expect(image.shape, names[i]).toEqual([20, 20, 20])
    expect(image.header.datatypeCode).toBe(16)
    // Only the brain is left, and all of it.
    const brain = Array.from(voxels, (_, at) => [60, 80].includes(headValue(at, 20)))
    const wrong = brain.filter((is, at) => is !== voxels[at]! > 0).length
    expect(wrong / voxels.length, names[i]).toBeLessThan(0.04)
  }
  expect(run.lines.filter(({ message }) => String(message).includes('several volumes'))).toHaveLength(1)
})
