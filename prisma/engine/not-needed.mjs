#!/usr/bin/env node
console.error(
  'Migrations are made with `npm run migrate:new -- name` and applied by the launcher; see doc/operations.md.',
)
process.exit(1)
