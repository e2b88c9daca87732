-- Parts of words are found by their trigrams. Concurrently: people go on working.
CREATE INDEX CONCURRENTLY IF NOT EXISTS "cases_search" ON "cases" USING GIN ("search" gin_trgm_ops);
