-- What an error says of itself may quote an answer. Of faults that were noted before, the class is kept.
UPDATE "incidents" SET "params" = jsonb_set("params", '{cause}', to_jsonb(coalesce(substring("params" ->> 'cause' from '^[A-Za-z_$][A-Za-z0-9_$.]*(?=:)'), 'Error')))
  WHERE "kind" = 'storyFailed' AND "params" ? 'cause';
