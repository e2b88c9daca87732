-- What the index before this does better.
DROP INDEX CONCURRENTLY IF EXISTS "tasks_answered";
