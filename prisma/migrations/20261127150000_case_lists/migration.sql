-- A case may open one case for each item of a list, and hears when all of them are over.
CREATE TABLE "case_lists" (
    "id" UUID NOT NULL,
    "caseId" UUID NOT NULL,
    "as" TEXT NOT NULL,
    "contentId" UUID NOT NULL,
    "field" TEXT NOT NULL,
    "total" INTEGER NOT NULL,
    "over" INTEGER NOT NULL DEFAULT 0,

    CONSTRAINT "case_lists_pkey" PRIMARY KEY ("id")
);
CREATE INDEX "case_lists_caseId_idx" ON "case_lists"("caseId");
ALTER TABLE "commands" ADD COLUMN "listId" UUID;
