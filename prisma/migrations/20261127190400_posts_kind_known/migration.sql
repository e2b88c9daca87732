ALTER TABLE "posts" ADD CONSTRAINT "posts_kind_known" CHECK ("kind" IS NOT NULL) NOT VALID;
