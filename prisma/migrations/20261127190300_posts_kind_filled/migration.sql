UPDATE "posts" SET "kind" = 'permanent' WHERE "kind" IS NULL;
