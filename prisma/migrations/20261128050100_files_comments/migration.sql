-- Comments on cases and tasks; what was said is a content row.
CREATE TABLE "comments" (
    "id" UUID NOT NULL,
    "caseId" UUID NOT NULL,
    "taskId" UUID,
    "authorId" UUID NOT NULL,
    "capacity" TEXT NOT NULL,
    "contentId" UUID NOT NULL,
    "contentHash" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "withdrawnAt" TIMESTAMPTZ(3),

    CONSTRAINT "comments_pkey" PRIMARY KEY ("id")
);
CREATE INDEX "comments_caseId_at_idx" ON "comments"("caseId", "at");

CREATE TABLE "comment_mentions" (
    "commentId" UUID NOT NULL,
    "personId" UUID NOT NULL,

    CONSTRAINT "comment_mentions_pkey" PRIMARY KEY ("commentId","personId")
);
