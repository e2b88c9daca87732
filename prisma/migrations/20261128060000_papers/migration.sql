-- The paper of each document: by which code anybody who holds it can check it, and whether it is made. It refers to no table by a key, so that
-- adding it waits for nobody. Documents of the releases before have no paper.
CREATE TABLE "papers" (
    "documentId" UUID NOT NULL,
    "caseId" UUID NOT NULL,
    "code" TEXT NOT NULL,
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "failed" BOOLEAN NOT NULL DEFAULT false,
    "tryAt" TIMESTAMPTZ(3) NOT NULL DEFAULT clock_timestamp(),
    "orderedAt" TIMESTAMPTZ(3) NOT NULL DEFAULT clock_timestamp(),
    "madeAt" TIMESTAMPTZ(3),

    CONSTRAINT "papers_pkey" PRIMARY KEY ("documentId")
);
CREATE UNIQUE INDEX "papers_code_key" ON "papers"("code");
CREATE INDEX "papers_caseId_idx" ON "papers"("caseId");
CREATE INDEX "papers_to_make" ON "papers"("tryAt") WHERE "madeAt" IS NULL;

-- Workers hear of each paper that is to be made as soon as it is committed.
CREATE FUNCTION wake_papers() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('mansap_papers', '');
  RETURN NULL;
END $$;
CREATE TRIGGER "papers_wake" AFTER INSERT ON "papers" FOR EACH STATEMENT EXECUTE FUNCTION wake_papers();

-- A paper in one language, as it was made. It is made once: nobody writes another over it.
CREATE TABLE "paper_renderings" (
    "documentId" UUID NOT NULL,
    "language" TEXT NOT NULL,
    "template" TEXT NOT NULL,
    "sha256" TEXT NOT NULL,
    "bytes" BYTEA NOT NULL,
    "madeAt" TIMESTAMPTZ(3) NOT NULL DEFAULT clock_timestamp(),

    CONSTRAINT "paper_renderings_pkey" PRIMARY KEY ("documentId", "language")
);
ALTER TABLE "paper_renderings" ALTER COLUMN "bytes" SET STORAGE EXTERNAL;
CREATE TRIGGER paper_renderings_are_kept BEFORE UPDATE OR DELETE ON "paper_renderings"
  FOR EACH ROW EXECUTE FUNCTION refuse_change();
