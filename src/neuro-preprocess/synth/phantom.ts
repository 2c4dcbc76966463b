import { type Random, seeded } from './random.ts'

/** A head as a T1-weighted scan shows it, in scanner units. */
const TISSUE = { air: 0, scalp: 900, skull: 60, fluid: 180, grey: 520, white: 760 }

/** The field of view in millimetres, whatever the number of voxels. */
const FIELD_MM = 200

export interface Phantom {
  size: number
  /** x runs fastest. */
  data: Int16Array
  voxelSize: number
  /** How the head was tilted in the scanner, about the left-right axis. */
  tilt: number
}

/**
 * Head, skull, fluid, a folded cortex, white matter and ventricles as ellipsoids, a little different for each subject;
 * darkened by a coil's bias field, with the noise of a magnitude image.
 */
export function phantom(size: number, seed: number, subject: number): Phantom {
  const random = seeded(seed, subject)
  const voxelSize = FIELD_MM / size
  const head = anatomy(random, voxelSize)
  const bias = Array.from({ length: 6 }, () => random.between(-0.2, 0.2))
  const noise = random.between(8, 16)
  const data = new Int16Array(size ** 3)
  const at = (i: number) => (i + 0.5) * voxelSize - FIELD_MM / 2
  for (let k = 0, i = 0; k < size; k++) {
    for (let j = 0; j < size; j++) {
      for (let x = 0; x < size; x++, i++) {
        const tissue = head(at(x), at(j), at(k))
        const signal = tissue === 0 ? 0 : tissue * field(bias, at(x), at(j), at(k))
        // Rician: the length of a complex number with noise in both parts.
        data[i] = Math.round(length(signal + noise * random.normal(), noise * random.normal(), 0))
      }
    }
  }
  return { size, data, voxelSize, tilt: random.between(-0.2, 0.2) }
}

function anatomy(random: Random, voxelSize: number): (x: number, y: number, z: number) => number {
  const scale = random.between(0.93, 1.05)
  const [cx, cy, cz] = [random.between(-4, 4), random.between(-4, 4), random.between(-4, 4)]
  // A layer thinner than a voxel would vanish from a coarse scan.
  const scalp = Math.max(6, 0.8 * voxelSize)
  const skull = Math.max(7, voxelSize)
  const outer = [74 * scale, 92 * scale, 84 * scale] as const
  const inside = (x: number, y: number, z: number, depth: number) =>
    length(x / (outer[0] - depth), y / (outer[1] - depth), z / (outer[2] - depth))
  const brain = scalp + skull + 3
  const [fold, phase] = [random.between(0.14, 0.2), random.between(0, 6)]
  return (px, py, pz) => {
    const x = px - cx
    const y = py - cy
    const z = pz - cz
    if (inside(x, y, z, 0) > 1) return TISSUE.air
    if (inside(x, y, z, scalp) > 1) return TISSUE.scalp
    if (inside(x, y, z, scalp + skull) > 1) return TISSUE.skull
    const depth = inside(x, y, z, brain)
    if (depth > 1) return TISSUE.fluid
    const ventricle = (side: number) => length((x - side) / 6, (y - 2) / 24, (z - 6) / 9) < 1
    if (ventricle(9) || ventricle(-9)) return TISSUE.fluid
    const cortex = 0.83 + 0.06 * Math.sin(fold * x + phase) * Math.sin(fold * y) * Math.sin(fold * z + phase)
    return depth > cortex ? TISSUE.grey : TISSUE.white
  }
}

/** Nothing here is so large that it needs Math.hypot, which takes ten times as long. */
const length = (x: number, y: number, z: number) => Math.sqrt(x * x + y * y + z * z)

function field(bias: readonly number[], x: number, y: number, z: number): number {
  const u = x / 100
  const v = y / 100
  const w = z / 100
  const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0] = bias
  return Math.exp(a * u + b * v + c * w + d * u * u + e * v * v + f * u * w)
}
