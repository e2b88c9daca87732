CREATE INDEX CONCURRENTLY IF NOT EXISTS "notices_of_role" ON "notices" ("bodyKey", "role", "rehearsed", "toldAt", "id");
