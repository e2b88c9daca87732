-- The post by virtue of which a role is held; empty for one that is held without.
ALTER TABLE "body_roles" ADD COLUMN "postId" UUID;
