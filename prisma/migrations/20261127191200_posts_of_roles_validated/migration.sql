ALTER TABLE "body_roles" VALIDATE CONSTRAINT "body_roles_postId_fkey";
