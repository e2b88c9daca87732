-- AlterTable
ALTER TABLE "tasks" ADD COLUMN     "about" JSONB;

-- CreateTable
CREATE TABLE "incidents" (
    "caseId" UUID NOT NULL,
    "kind" TEXT NOT NULL,
    "params" JSONB NOT NULL,
    "firstAt" TIMESTAMPTZ(3) NOT NULL,
    "lastAt" TIMESTAMPTZ(3) NOT NULL,
    "times" INTEGER NOT NULL DEFAULT 1,
    "resolvedAt" TIMESTAMPTZ(3),

    CONSTRAINT "incidents_pkey" PRIMARY KEY ("caseId","kind")
);

-- CreateTable
CREATE TABLE "rehearsal_sets" (
    "name" TEXT NOT NULL,
    "origin" DATE NOT NULL,
    "speed" DOUBLE PRECISION NOT NULL,
    "caseAt" TIMESTAMPTZ(3) NOT NULL,
    "realAt" TIMESTAMPTZ(3) NOT NULL,
    "startedById" UUID,
    "discardedAt" TIMESTAMPTZ(3),

    CONSTRAINT "rehearsal_sets_pkey" PRIMARY KEY ("name")
);
