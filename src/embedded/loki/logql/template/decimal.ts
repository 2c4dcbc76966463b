import { formatPlain } from '../../../../util/go-format.ts'

/** Decimal fractions, exactly: the `...f` functions reckon so, that 0.1 plus 0.2 be 0.3. */
interface Decimal {
  units: bigint
  /** How many of the digits are behind the point. */
  scale: number
}

function decimal(value: number): Decimal | undefined {
  if (!Number.isFinite(value)) return undefined
  const [whole = '0', fraction = ''] = formatPlain(value).split('.')
  return { units: BigInt(whole + fraction), scale: fraction.length }
}

const toNumber = ({ units, scale }: Decimal) => {
  const digits = String(units < 0n ? -units : units).padStart(scale + 1, '0')
  const text = `${digits.slice(0, digits.length - scale)}.${digits.slice(digits.length - scale)}0`
  return units < 0n ? -Number(text) : Number(text)
}

const scaled = (d: Decimal, scale: number) => d.units * 10n ** BigInt(scale - d.scale)

export type DecimalOperation = 'add' | 'sub' | 'mul' | 'div'

/** Throws Error where it divides by zero, or a value is no number. */
export function reckonDecimal(operation: DecimalOperation, values: readonly number[]): number {
  const decimals = values.map((value) => {
    const made = decimal(value)
    if (made === undefined) throw new Error(`Cannot create a Decimal from ${value}`)
    return made
  })
  return toNumber(decimals.reduce((a, b) => step(operation, a, b)))
}

function step(operation: DecimalOperation, a: Decimal, b: Decimal): Decimal {
  if (operation === 'mul') return { units: a.units * b.units, scale: a.scale + b.scale }
  const scale = Math.max(a.scale, b.scale)
  const [x, y] = [scaled(a, scale), scaled(b, scale)]
  if (operation === 'add') return { units: x + y, scale }
  if (operation === 'sub') return { units: x - y, scale }
  if (y === 0n) throw new Error('decimal division by 0')
  // Sixteen digits behind the point, halves away from zero.
  const shifted = x * 10n ** 16n
  const [size, by] = [shifted < 0n ? -shifted : shifted, y < 0n ? -y : y]
  const rounded = (2n * size + by) / (2n * by)
  return { units: shifted < 0n !== y < 0n ? -rounded : rounded, scale: 16 }
}
