CREATE INDEX CONCURRENTLY IF NOT EXISTS "notices_unlettered" ON "notices" ("toldAt") WHERE "letteredAt" IS NULL AND "toldAt" IS NOT NULL;
