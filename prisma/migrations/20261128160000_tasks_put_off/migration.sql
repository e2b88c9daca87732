-- What a person has put off for himself: until that day the task does not stand among what he has to do. It is no fact of the case.
CREATE TABLE "task_snoozes" (
    "personId" UUID NOT NULL,
    "taskId" UUID NOT NULL,
    "version" INTEGER NOT NULL,
    "until" DATE NOT NULL,
    "returnsAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "task_snoozes_pkey" PRIMARY KEY ("personId","taskId")
);

-- Nobody puts a task off past its legal term, nor past the day with which it closes.
CREATE FUNCTION keep_snooze_within_term() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM tasks t WHERE t.id = new."taskId" AND new.until > least(t."dueOn", t."closesOn")) THEN
    RAISE EXCEPTION 'task % is put off past its term', new."taskId" USING ERRCODE = 'check_violation';
  END IF;
  RETURN new;
END $$;
CREATE TRIGGER task_snoozes_within_term BEFORE INSERT OR UPDATE ON "task_snoozes"
    FOR EACH ROW EXECUTE FUNCTION keep_snooze_within_term();
