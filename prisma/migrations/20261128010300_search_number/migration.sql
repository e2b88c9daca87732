-- Numbers of cases, for those who do not see whom they are about.
CREATE INDEX CONCURRENTLY IF NOT EXISTS "cases_search_number" ON "cases" USING GIN ("searchNumber" gin_trgm_ops);
