/** Codes by which whoever holds a paper can check it: 128 drawn bits, so many that nobody finds one by trying. */
import { randomBytes } from 'node:crypto'

/** Crockford's: no letter looks like a digit. */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
const BITS = 128
const LENGTH = Math.ceil(BITS / 5)

export function newCode(): string {
  let drawn = BigInt(`0x${randomBytes(BITS / 8).toString('hex')}`)

  return Array.from({ length: LENGTH }, () => {
    const letter = ALPHABET[Number(drawn % 32n)] ?? ''
    drawn /= 32n

    return letter
  }).join('')
}

/** A code as somebody typed it from paper; null: it is none. */
export function readCode(typed: string): string | null {
  const letters = typed.toUpperCase().replace(/[\s-]/g, '').replace(/O/g, '0').replace(/[IL]/g, '1')

  return letters.length === LENGTH && [...letters].every((letter) => ALPHABET.includes(letter)) ? letters : null
}
