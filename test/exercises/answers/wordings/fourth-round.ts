/** Written by somebody who had not seen the grader. */
export const FOURTH_ROUND = {
  truncated: {
    RIGHT: [
      'The scan was only partially uploaded, gunzip hit the end too soon',
      'unexpected end of file while decompressing',
      'the upload got interrupted so bytes are missing',
      'truncted gz file',
      'Datei abgeschnitten (cut off)',
      'zlib: unexpected end of input',
      'broken off halfway through',
      'the compressed data never finishes',
      'the archive was chopped',
      'corrupted gzip: it ended in the middle of the stream',
    ],
    WRONG: [
      'maybe truncated, maybe NaN',
      'it would be wrong to say that it is truncated',
      'if it is not NaN then it is truncated',
      'truncated unless it is empty',
      'nobody cut the file off',
      'truncated != reason',
      '!truncated',
      'un-truncated',
      'untruncated',
      'truncated file is excluded as cause',
      'truncation was ruled out',
      'truncated | empty | nan',
      'the opposite of truncated',
      'tru\u043dcated',
      'I doubt the file was cut off',
    ],
  },
  'all-nan': {
    RIGHT: ['100% NaN', 'the volume has nothing but NaN in it', 'Not a single finite voxel', 'NaNs only'],
    WRONG: ['not all voxels are NaN', 'no NaN'],
  },
  'not-nifti': {
    RIGHT: ['The thing is a JPEG', 'a text file renamed to nii.gz', 'someone saved an html login page as .nii'],
    WRONG: ['it is nifti', 'valid NIfTI'],
  },
  'too-large': {
    RIGHT: ['it would need several GB of RAM', 'scan exceeds memory limit', 'volume larger than allowed'],
    WRONG: ['not too large', 'too small'],
  },
} as const
