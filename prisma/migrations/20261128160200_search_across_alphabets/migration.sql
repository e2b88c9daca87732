-- A Kazakh name is found when it is typed on a Russian keyboard, and the other way round: қ and к, ғ and г, ң and н, ө and о, ұ, ү and у,
-- і and и, ә and а, һ and х are compared as one. Rows keep the text they have, which the release before reads too.
CREATE FUNCTION search_plain(folded text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT translate(folded, 'әғқңөұүһі', 'агкноуухи')
$$;

-- A typed word as a pattern over search_plain.
CREATE FUNCTION search_plain_pattern(word text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT search_plain(search_pattern(word, false))
$$;

-- A typed word as a pattern of what the index knows. There х and һ are different letters, so either stands for any.
CREATE FUNCTION search_index_pattern(word text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT translate(search_pattern(word, true), 'XH', '__')
$$;
