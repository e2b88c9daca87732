-- Search. Written by hand: the Prisma schema knows the columns and indexes, not what fills them.
-- A row that can be searched holds its text in "search", filled by triggers and not generated: a backup brings whole rows back, and
-- Postgres takes no value for a generated column. The processes of the release before write these tables and need not know of it.
CREATE EXTENSION IF NOT EXISTS pg_trgm;

-- What is searched, and what is typed: composed letters, small letters (of all languages, whatever the database was made with),
-- Ё as Е, the number sign as a blank, one kind of hyphen, one blank where there are several or others, nothing that cannot be seen.
CREATE FUNCTION search_text(given text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT btrim(regexp_replace(translate(
    lower(normalize(given, NFC) COLLATE pg_c_utf8),
    U&'\0451\2116' -- ё and the number sign
      || U&'\2010\2011\2012\2013\2014\2015\2212'
      || U&'\0009\000A\000B\000C\000D\0085\00A0\1680\2000\2001\2002\2003\2004\2005\2006\2007\2008\2009\200A\2028\2029\202F\205F\3000'
      || U&'\00AD\180E\200B\200C\200D\200E\200F\202A\202B\202C\202D\202E\2060\2061\2062\2063\2064\FEFF', -- no counterpart: taken out
    U&'\0435 ' || repeat('-', 7) || repeat(' ', 24)
  ), ' +', ' ', 'g'))
$$;

-- Cyrillic letters, several by one, as capital Latin ones, without all that is Latin already. pg_trgm knows no other letters in a
-- database whose LC_CTYPE is C: by these its index finds what may be meant. Capitals, so that nobody finds them who types small ones.
CREATE FUNCTION search_letters(folded text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT translate(folded, 'абвгдежзийклмнопрстуфхцчшщъыьэюяәғқңөұүһіabcdefghijklmnopqrstuvwxyz0123456789', 'ABVGDEJZIYKLMNOPRSTUFXCHWWQYQEUAAGKNOUUHI')
$$;

-- What a row is found by: a blank before each word.
CREATE FUNCTION search_row(given text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT ' ' || folded || ' ' || search_letters(folded) FROM (VALUES (search_text(coalesce(given, '')))) AS row_of (folded)
$$;

-- A typed word as a pattern for LIKE, as it is or in those letters. One or two letters begin a word: in the middle of names they would
-- find nearly everybody, and have no trigram by which an index could.
CREATE FUNCTION search_pattern(word text, in_letters boolean) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT CASE WHEN char_length(w) <= 2 AND (w COLLATE pg_c_utf8) ~ '^[[:alnum:]]+$' THEN '% ' ELSE '%' END
    || regexp_replace(CASE WHEN in_letters THEN search_letters(w) ELSE w END, '([\\%_])', '\\\1', 'g') || '%'
  FROM (VALUES (search_text(word))) AS typed (w)
$$;

-- The columns that are named.
CREATE FUNCTION keep_search() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  new.search := search_row((SELECT string_agg(to_jsonb(new) ->> c, ' ') FROM unnest(tg_argv) AS c));
  RETURN new;
END $$;

-- A case is found by its number, with and without the noughts and all that stands before them, and by the names of its subject.
CREATE FUNCTION keep_search_of_case() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  new.search := search_row(concat_ws(' ', new.number, regexp_replace(new.number, '-0+(\d+)$', '-\1'),
      regexp_replace(new.number, '^.*-0*(\d+)$', '\1')))
    || coalesce((SELECT search FROM people WHERE id = new."subjectId"), '');
  RETURN new;
END $$;

CREATE FUNCTION keep_search_of_cases() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE cases SET number = number WHERE "subjectId" = new.id;
  RETURN NULL;
END $$;

-- Names are compared as their language does: Ә after А and not after Я, Ё beside Е (prisma/store/order.ts). Columns keep the collation
-- they have: changed, the plans that processes of the release before have kept for them would be refused. An index on names belongs to
-- the version of ICU that it was made with (doc/operations.md, Upgrade).
CREATE COLLATION "name_kk" (provider = icu, locale = 'kk');
CREATE COLLATION "name_ru" (provider = icu, locale = 'ru');
CREATE COLLATION "name_en" (provider = icu, locale = 'en');
