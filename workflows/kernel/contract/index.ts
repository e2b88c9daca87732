/** What a process declares, and the values that everything shares: the whole of this folder under one address. */
export * from './blanks'
export * from './codes'
export * from './contract'
export * from './links'
export * from './names'
export * from './offers'
export * from './rulebook'
export * from './values'
