import { NIFTI1 } from '../nifti/layout.ts'
import type { Volume } from './volume.ts'

/** What emscripten's module offers of niimath. */
interface NiimathModule {
  callMain(args: string[]): number
  FS_createDataFile(folder: string, name: string, data: Uint8Array, readable: boolean, writable: boolean): void
  FS_readFile(name: string): Uint8Array
  FS_unlink(name: string): void
}

/** Runs niimath's operators on a volume, and returns the voxels it made. Blocks: it is for a worker thread. */
export type Niimath = (
  volume: Pick<Volume, 'data' | 'shape' | 'voxelSize'>,
  operators: readonly string[],
) => Float32Array

/**
 * niimath compiled to wasm. Its package is made for browsers: the class in its index wants a Worker of theirs, the
 * compiled file beside it runs anywhere.
 */
export async function loadNiimath(): Promise<Niimath> {
  const { default: load } = await import(new URL('./niimath.js', import.meta.resolve('@niivue/niimath')).href)
  let said: string[] = []
  const tell = (line: string) => said.push(line)
  const module: NiimathModule = await load({ print: tell, printErr: tell })
  return (volume, operators) => {
    said = []
    module.FS_createDataFile('.', 'in.nii', niftiOf(volume), true, true)
    try {
      // -gz 0: it would compress its output else, only to be unpacked here.
      const code = module.callMain(['in.nii', '-gz', '0', ...operators, 'out', '-odt', 'flt'])
      if (code !== 0) throw new Error(`niimath ${operators.join(' ')} ended with ${code}: ${said.join(' ')}`)
      const out = module.FS_readFile('out.nii')
      module.FS_unlink('out.nii')
      return new Float32Array(out.buffer.slice(out.byteOffset + NIFTI1.bytes + 4, out.byteOffset + out.byteLength))
    } finally {
      module.FS_unlink('in.nii')
    }
  }
}

/** The least header that niimath needs: shape, voxel sizes in millimetres, float32. */
function niftiOf({ data, shape, voxelSize }: Pick<Volume, 'data' | 'shape' | 'voxelSize'>): Uint8Array {
  const bytes = new Uint8Array(NIFTI1.bytes + 4 + data.byteLength)
  const view = new DataView(bytes.buffer)
  view.setInt32(0, NIFTI1.bytes, true)
  for (const [axis, length] of [3, ...shape, 1, 1, 1, 1].entries()) view.setInt16(40 + 2 * axis, length, true)
  view.setInt16(70, 16, true)
  view.setInt16(72, 32, true)
  for (const [axis, mm] of [1, ...voxelSize].entries()) view.setFloat32(76 + 4 * axis, mm, true)
  view.setFloat32(108, NIFTI1.bytes + 4, true)
  view.setFloat32(112, 1, true)
  view.setUint8(123, 2)
  bytes.set(Buffer.from('n+1\0', 'latin1'), 344)
  bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), NIFTI1.bytes + 4)
  return bytes
}
