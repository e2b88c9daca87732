-- The first day for which the story of a case waits, and what comes with it, as its step says. Null: none, or a release that did not say it.
ALTER TABLE "cases" ADD COLUMN "awaits" JSONB;
