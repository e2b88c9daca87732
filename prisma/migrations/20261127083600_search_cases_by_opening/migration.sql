-- Cases of every status, the latest first; the index has the whole order. Concurrently: people go on working.
CREATE INDEX CONCURRENTLY IF NOT EXISTS "cases_openedAt_id_idx" ON "cases" ("openedAt", "id");
