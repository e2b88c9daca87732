-- The change that a change takes back; of each, one does.
ALTER TABLE "register_changes" ADD COLUMN "undoes" BIGINT;
