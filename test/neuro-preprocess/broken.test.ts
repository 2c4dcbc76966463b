import { mkdir, readdir, writeFile } from 'node:fs/promises'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { neuro, type TempDir, tempDir } from '../support/neuro.ts'
import { handmadeScan } from '../support/nifti.ts'

let dir: TempDir
beforeAll(async () => {
  dir = await tempDir()
  await mkdir(dir.path('in'))
})
afterAll(() => dir.remove())

interface Summary {
  processed: number
  failed: number
  exit_code: number
  files: { file: string; status: string; error?: { type: string; step: string; message: string; hint: string } }[]
}

/** Processes files that are all broken; returns what was said of each. */
async function faults(files: string[]): Promise<NonNullable<Summary['files'][0]['error']>[]> {
  const run = await neuro(['process', ...files, '-o', dir.path('out'), '--json'])
  const summary = JSON.parse(run.stdout) as Summary
  expect(run.code).toBe(1)
  expect(summary).toMatchObject({ processed: 0, failed: files.length, exit_code: 1 })
  expect(run.lines.filter(({ level }) => level === 'ERROR')).toHaveLength(files.length)
  expect(await readdir(dir.path('out'))).toEqual([])
  return summary.files.map(({ error }) => error!)
}

test('each way in which synth breaks a scan has an error of its own', async () => {
  const kinds = ['truncated', 'wrong-dimensions', 'all-nan', 'empty', 'not-nifti', 'too-large']
  await Promise.all(
    kinds.map((kind) =>
      neuro(['synth', '-o', dir.path('in'), '--size', '16', '--broken', kind, '--name', `${kind}.nii.gz`]),
    ),
  )
  const errors = await faults(kinds.map((kind) => dir.path('in', `${kind}.nii.gz`)))
  expect(errors.map(({ type }) => type)).toEqual(kinds)
  expect(errors.map(({ step }) => step)).toEqual([
    'load_file',
    'load_file',
    'bias_correct',
    'load_file',
    'load_file',
    'load_file',
  ])
  expect(new Set(errors.map(({ message }) => message)).size).toBe(kinds.length)
  for (const { message, hint } of errors) {
    expect(message.length).toBeGreaterThan(15)
    expect(hint.length).toBeGreaterThan(15)
  }
  expect(errors[1]!.message).toContain('16 x 16 x 32')
  expect(errors[5]!.message).toContain('15000 x 15000 x 15000')
})

test('other trouble is told apart', async () => {
  const scan = handmadeScan({ size: 16, datatype: 'int16' })
  const changed = (change: (bytes: Buffer) => void) => {
    const copy = Buffer.from(scan)
    change(copy)
    return copy
  }
  const damaged = gzipSync(scan)
  damaged[damaged.length - 6]! ^= 0xff
  const cases: Record<string, [string, Buffer]> = {
    'plain.nii': ['truncated', scan.subarray(0, 3000)],
    'header.nii': ['truncated', scan.subarray(0, 100)],
    'three.nii': ['not-nifti', scan.subarray(0, 3)],
    'nifti2.nii': ['not-nifti', changed((b) => b.writeInt32LE(540, 0))],
    'matrix.nii': [
      'unsupported',
      changed((b) => {
        for (const [i, length] of [6, 1, 1, 1, 1, 9, 9].entries()) b.writeInt16LE(length, 40 + 2 * i)
      }),
    ],
    'header-alone.hdr': ['not-found', changed((b) => b.write('ni1', 344, 'latin1'))],
    'image-alone.img': ['not-found', Buffer.alloc(64)],
    'pair.nii': ['unsupported', changed((b) => b.write('ni1', 344, 'latin1'))],
    'analyze.nii': ['not-nifti', changed((b) => b.fill(0, 344, 348))],
    'rgb.nii': ['unsupported', changed((b) => b.writeInt16LE(128, 70))],
    'type.nii': ['corrupt', changed((b) => b.writeInt16LE(99, 70))],
    'bits.nii': ['corrupt', changed((b) => b.writeInt16LE(8, 72))],
    'offset.nii': ['corrupt', changed((b) => b.writeFloatLE(-8, 108))],
    'negative.nii': ['wrong-dimensions', changed((b) => b.writeInt16LE(-16, 44))],
    'zero.nii': ['wrong-dimensions', changed((b) => b.writeInt16LE(0, 40))],
    'flat.nii': ['too-small', changed((b) => b.writeInt16LE(1, 46))],
    'checksum.nii.gz': ['corrupt', damaged],
    'bomb.nii.gz': ['wrong-dimensions', gzipSync(changed((b) => b.writeInt16LE(320, 46)))],
    'constant.nii': ['no-contrast', changed((b) => b.fill(1, 352))],
    'noise.nii': [
      'no-brain',
      changed((b) => {
        for (let i = 352; i < b.length; i += 2) b.writeInt16LE((i * 7919) % 251, i)
      }),
    ],
  }
  await Promise.all(Object.entries(cases).map(([name, [, bytes]]) => writeFile(dir.path('in', name), bytes)))
  const files = [...Object.keys(cases), 'nothing.nii', '.'].map((name) => dir.path('in', name))
  const errors = await faults(files)
  const expected = [...Object.values(cases).map(([type]) => type), 'not-found', 'unreadable']
  expect(errors.map(({ type }, i) => `${files[i]} ${type}`)).toEqual(expected.map((type, i) => `${files[i]} ${type}`))
})

test('a slab, a tiny volume, a volume that is not there: nothing of it is called damaged', async () => {
  const scan = handmadeScan({ size: 16, datatype: 'int16' })
  for (const [name, shape] of [
    ['slab.nii', [16, 16, 3]],
    ['tiny.nii', [4, 5, 7]],
  ] as const) {
    const copy = Buffer.from(scan)
    for (const [axis, length] of shape.entries()) copy.writeInt16LE(length, 42 + 2 * axis)
    await writeFile(dir.path('in', name), copy)
  }
  const [slab, tiny] = await faults(['slab.nii', 'tiny.nii'].map((name) => dir.path('in', name)))
  expect(slab!.message).toContain('16 x 16 x 3 voxels: 3 slices make no head')
  expect(tiny!.message).toContain('4 x 5 x 7 voxels: so small a volume holds no head')
  for (const { hint } of [slab!, tiny!]) expect(hint).not.toMatch(/header|export/i)

  await writeFile(dir.path('in', 'two.nii'), handmadeScan({ size: 16, datatype: 'uint8', volumes: 2 }))
  const run = await neuro(['process', dir.path('in', 'two.nii'), '-o', dir.path('out'), '--volume', '2', '--json'])
  expect(JSON.parse(run.stdout).files[0].error).toMatchObject({
    type: 'no-such-volume',
    hint: 'Take one from --volume 0 to --volume 1',
  })
})

test('what cannot be written is told, and nothing is left behind', async () => {
  await writeFile(dir.path('scan.nii'), handmadeScan({ size: 16, datatype: 'int16' }))
  await writeFile(dir.path('file'), '')
  const run = await neuro(['process', dir.path('scan.nii'), '-o', dir.path('file', 'out')])
  expect(run.code).toBe(1)
  expect(run.stderr).toContain('a file is in the way')
})

test('a wrong command line is told in words, with 2', async () => {
  const wrong: [string[], string][] = [
    [[], 'a command is missing'],
    [['frob'], 'no command frob'],
    [['process', '-o', 'x'], 'name the scans'],
    [['process', 'a.nii'], '-o DIR'],
    [['process', 'a.nii', 'b/a.nii', '-o', 'x'], 'would both be written'],
    [['process', 'a.nii', '-o', 'x', '--slow', 'sleep=1'], 'one of load_file'],
    [['process', 'a.nii', '-o', 'x', '--slow', 'smooth'], '--slow smooth'],
    [['process', 'a.nii', '-o', 'x', '--what'], "'--what'"],
    [['process', 'a.nii', '-o', 'x', '--volume', '-1'], '--volume'],
    [['synth', '-o', 'x', '--size', '1.5'], '--size 1.5'],
    [['synth', '-o', 'x', '--broken', 'badly'], 'one of truncated'],
    [['synth', '-o', 'x', '--name', '../y.nii.gz'], '--name ../y.nii.gz'],
  ]
  const runs = await Promise.all(wrong.map(([args]) => neuro(args)))
  for (const [i, run] of runs.entries()) {
    const [args, text] = wrong[i]!
    expect(run.code, args.join(' ')).toBe(2)
    expect(run.stderr, args.join(' ')).toContain(text)
    expect(run.stderr).toContain('--help')
  }
  const help = await neuro(['process', '--help'])
  expect(help).toMatchObject({ code: 0, stderr: '' })
  expect(help.stdout).toContain('EXAMPLES')
  expect((await neuro(['--version'])).stdout).toMatch(/^neuro-preprocess\/\d+\.\d+\.\d+\n$/)
})
