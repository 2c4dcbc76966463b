/** 1, x, y, z and their products of two: ten terms. */
function terms([x = 0, y = 0, z = 0]: readonly number[]): number[] {
  return [1, x, y, z, x * x, y * y, z * z, x * y, x * z, y * z]
}

export function quadratic(c: readonly number[], [x = 0, y = 0, z = 0]: readonly number[]): number {
  return (
    c[0]! +
    x * (c[1]! + c[4]! * x + c[7]! * y + c[8]! * z) +
    y * (c[2]! + c[5]! * y + c[9]! * z) +
    z * (c[3]! + c[6]! * z)
  )
}

/** The quadratic that comes nearest to `values` at `places`, by least squares. */
export function fitQuadratic(places: readonly number[][], values: readonly number[]): number[] {
  const size = 10
  const matrix = Array.from({ length: size }, () => new Array<number>(size + 1).fill(0))
  for (const [i, place] of places.entries()) {
    const t = terms(place)
    for (let row = 0; row < size; row++) {
      const line = matrix[row]!
      for (let column = 0; column < size; column++) line[column]! += t[row]! * t[column]!
      line[size]! += t[row]! * values[i]!
    }
  }
  // A little ridge: a slab of voxels says nothing of the direction across it.
  for (let row = 0; row < size; row++) matrix[row]![row]! += 1e-6 * places.length
  return solve(matrix)
}

/** Gauss-Jordan with pivots; the last column is the right-hand side. */
function solve(matrix: number[][]): number[] {
  const size = matrix.length
  for (let column = 0; column < size; column++) {
    let pivot = column
    for (let row = column + 1; row < size; row++) {
      if (Math.abs(matrix[row]![column]!) > Math.abs(matrix[pivot]![column]!)) pivot = row
    }
    ;[matrix[column], matrix[pivot]] = [matrix[pivot]!, matrix[column]!]
    for (let row = 0; row < size; row++) {
      if (row === column) continue
      const factor = matrix[row]![column]! / matrix[column]![column]!
      for (let k = column; k <= size; k++) matrix[row]![k]! -= factor * matrix[column]![k]!
    }
  }
  return matrix.map((row, i) => row[size]! / row[i]!)
}
