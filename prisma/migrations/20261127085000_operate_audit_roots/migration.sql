-- CreateTable
CREATE TABLE "sealed_trails" (
    "caseId" UUID NOT NULL,
    "seq" INTEGER NOT NULL,
    "hash" TEXT NOT NULL,
    "hashes" JSONB NOT NULL,
    "leaf" TEXT NOT NULL,

    CONSTRAINT "sealed_trails_pkey" PRIMARY KEY ("caseId")
);

-- CreateTable
CREATE TABLE "audit_roots" (
    "day" DATE NOT NULL,
    "cases" INTEGER NOT NULL,
    "root" TEXT NOT NULL,

    CONSTRAINT "audit_roots_pkey" PRIMARY KEY ("day")
);
