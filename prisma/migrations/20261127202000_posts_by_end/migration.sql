-- The sweep looks every twenty seconds for posts that have ended.
CREATE INDEX CONCURRENTLY IF NOT EXISTS "posts_to_idx" ON "posts"("to");
