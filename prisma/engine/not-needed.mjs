#!/usr/bin/env node
console.error('Migrations are made with `npm run migrate:new -- name` and applied by npm start.')
process.exit(1)
