/** Three significant digits. */
export const digits = (value: number): string => String(Number(value.toPrecision(3)))

/** Milliseconds for people. */
export const took = (ms: number): string => (ms < 1_000 ? `${digits(ms)} ms` : `${digits(ms / 1_000)} s`)
