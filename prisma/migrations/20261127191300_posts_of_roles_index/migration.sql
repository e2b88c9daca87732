CREATE INDEX CONCURRENTLY "body_roles_postId_idx" ON "body_roles"("postId");
