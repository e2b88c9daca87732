-- The two indexes before this say the same of every part but that of a member.
DROP INDEX CONCURRENTLY IF EXISTS "case_parts_now";
