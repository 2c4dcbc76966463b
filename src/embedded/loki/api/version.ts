/** The Loki that this one follows. */
export const VERSION = '3.7.6'
