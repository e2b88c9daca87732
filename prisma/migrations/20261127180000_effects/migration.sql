-- What cases do to registers, each by an id of its own; one that is taken back before it comes leaves a row as well.
CREATE TABLE "effects" (
    "id" UUID NOT NULL,
    "seq" BIGSERIAL NOT NULL,
    "caseId" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "request" JSONB NOT NULL,
    "state" TEXT NOT NULL,
    "outcome" JSONB NOT NULL,
    "rehearsal" TEXT,
    "setBodyKey" TEXT NOT NULL,
    "on" DATE NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "undoneAt" TIMESTAMPTZ(3),
    "undoneById" UUID,

    CONSTRAINT "effects_pkey" PRIMARY KEY ("id")
);
CREATE INDEX "effects_caseId_seq_idx" ON "effects"("caseId", "seq");
CREATE INDEX "effects_setBodyKey_rehearsal_seq_idx" ON "effects"("setBodyKey", "rehearsal", "seq");
