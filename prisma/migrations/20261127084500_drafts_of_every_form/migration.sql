-- CreateTable
CREATE TABLE "form_drafts" (
    "address" TEXT NOT NULL,
    "personId" UUID NOT NULL,
    "version" INTEGER NOT NULL,
    "writer" TEXT NOT NULL,
    "form" JSONB,
    "savedAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "form_drafts_pkey" PRIMARY KEY ("address","personId")
);

-- CreateIndex
CREATE INDEX "form_drafts_personId_idx" ON "form_drafts"("personId");
