ALTER TABLE "posts" VALIDATE CONSTRAINT "posts_kind_known";
