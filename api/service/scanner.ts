/** Looks for malware in what people upload. The product brings none: an installation may put one behind this. */

export type Scanned = { readonly clean: true } | { readonly clean: false; readonly name: string }

export interface Scanner {
  /** Reads the bytes of one file; throws when it cannot say. */
  readonly scan: (bytes: AsyncIterable<Uint8Array>) => Promise<Scanned>
}
