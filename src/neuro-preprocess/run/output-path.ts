import { basename, join, resolve } from 'node:path'
import { UsageError } from '../fault.ts'
import { isHeaderFile, isImageFile } from '../nifti/pair.ts'

/**
 * Where the result of each scan goes, named as BIDS names derivatives: sub-001_T1w.nii.gz becomes
 * sub-001_desc-preproc_T1w.nii.gz. Throws UsageError when two scans would get the same name.
 */
export function outputPaths(inputs: readonly string[], dir: string): string[] {
  const from = new Map<string, string>()
  return inputs.map((input) => {
    const output = join(dir, outputName(basename(input)))
    const other = from.get(output)
    if (other !== undefined) {
      const same = resolve(other) === resolve(input)
      throw new UsageError(
        same ? `${input} is named twice` : `${other} and ${input} would both be written to ${output}`,
      )
    }
    from.set(output, input)
    return output
  })
}

/** An .img whose .hdr is named too is the same scan: `scans/*` names both. */
export function withoutImages(inputs: readonly string[]): string[] {
  const stem = (path: string) => resolve(path).replace(/\.(?:hdr|img)(?:\.gz)?$/i, '')
  const headers = new Set(inputs.filter(isHeaderFile).map(stem))
  return inputs.filter((path) => !isImageFile(path) || !headers.has(stem(path)))
}

function outputName(name: string): string {
  const stem = name.replace(/\.(?:nii|hdr|img)(?:\.gz)?$|\.gz$/i, '')
  const bids = /^(sub-.*)_([A-Za-z0-9]+)$/.exec(stem)
  return bids ? `${bids[1]}_desc-preproc_${bids[2]}.nii.gz` : `${stem}_desc-preproc.nii.gz`
}
