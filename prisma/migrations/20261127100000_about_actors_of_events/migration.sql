-- Rows that are there, and those that the release before still writes, are of format 1: their hashes know neither of the others.
ALTER TABLE "events" ADD COLUMN "format" INTEGER NOT NULL DEFAULT 1, ADD COLUMN "actorKind" TEXT, ADD COLUMN "actorCase" UUID;
