/** One volume in memory while the steps change it. */
export interface Volume {
  /** x runs fastest. */
  data: Float32Array
  shape: readonly [number, number, number]
  /** Millimetres. */
  voxelSize: readonly [number, number, number]
  /** 1 in the brain, 0 elsewhere; from skull_strip on. */
  mask?: Uint8Array
}

/** What a step says of itself; becomes attributes of its span. */
export type StepReport = Record<string, number | string | boolean>
