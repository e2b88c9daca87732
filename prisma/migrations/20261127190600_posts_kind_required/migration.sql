-- proved by the constraint: no row is read
ALTER TABLE "posts" ALTER COLUMN "kind" SET NOT NULL;
ALTER TABLE "posts" DROP CONSTRAINT "posts_kind_known";
