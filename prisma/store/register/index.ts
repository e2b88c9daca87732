/** The registers as lists that people read and administrators edit. */
export * from './bodies'
export * from './law'
export * from './people'
