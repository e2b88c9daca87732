-- The trail of the register. Rows of before have none; the release before writes the register without one.
CREATE TABLE "register_changes" (
    "seq" BIGSERIAL NOT NULL,
    "register" TEXT NOT NULL,
    "rowId" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "by" TEXT NOT NULL,
    "personId" UUID,
    "capacity" TEXT,
    "caseId" UUID,
    "effectId" TEXT,
    "documentId" UUID,
    "documentNumber" TEXT,
    "basis" TEXT,
    "before" JSONB,
    "after" JSONB,

    CONSTRAINT "register_changes_pkey" PRIMARY KEY ("seq")
);
CREATE INDEX "register_changes_register_rowId_seq_idx" ON "register_changes"("register", "rowId", "seq");

CREATE FUNCTION refuse_change_of_trail() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the trail of the register is only added to';
END $$;
CREATE TRIGGER "register_changes_only_added" BEFORE UPDATE OR DELETE ON "register_changes"
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_trail();
