import path from 'node:path'
import { defineConfig } from 'prisma/config'

// `prisma generate` insists on a schema engine that it would download, and never runs it. Naming any file there keeps
// an installation without Prisma's host working; PRISMA_SCHEMA_ENGINE_BINARY set by the caller still wins.
process.env.PRISMA_SCHEMA_ENGINE_BINARY ??= path.join(__dirname, 'prisma', 'engine', 'not-needed.mjs')

export default defineConfig({
  schema: 'prisma/schema.prisma',
  migrations: { path: 'prisma/migrations' },
  datasource: { url: process.env.DATABASE_URL ?? '' },
})
